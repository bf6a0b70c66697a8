"""Everything the app can do, without a browser: models, retrieval, tuning, experiments, decisions, quiz."""
