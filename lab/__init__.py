"""Everything the app can do, without a browser: models, retrieval, tuning, experiments, decisions, quiz."""

import os

# torch's threads spin while they wait, which on a busy two-core machine takes the cores from everybody else (measured:
# 57 against 180 training tokens a second beside other work). It must be set before torch is loaded anywhere.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
