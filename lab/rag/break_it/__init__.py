"""Break it: small labs in which looking up or answering really fails, and a verdict computed from the run."""

from lab.rag.break_it.diagnose import Diagnosis, Evidence, diagnose
from lab.rag.break_it.labs import (
    Gold,
    GoldPart,
    Lab,
    Prediction,
    PredictionOption,
    Setup,
    load_lab,
    load_labs,
    read_lab,
)
from lab.rag.break_it.run import LabRun, close_run, open_run, run_lab

__all__ = [
    "Diagnosis", "Evidence", "Gold", "GoldPart", "Lab", "LabRun", "Prediction", "PredictionOption", "Setup",
    "close_run", "diagnose", "load_lab", "load_labs", "open_run", "read_lab", "run_lab",
]  # fmt: skip
