"""The experiments, one file each. This tuple is the list; importing it loads no model."""

from lab.experiments import data_quality, examples_needed, four_answers, knowledge_dump, side_effects, square
from lab.experiments.experiment import Experiment

EXPERIMENTS: tuple[Experiment, ...] = (
    four_answers.EXPERIMENT,
    examples_needed.EXPERIMENT,
    data_quality.EXPERIMENT,
    side_effects.EXPERIMENT,
    knowledge_dump.EXPERIMENT,
    square.EXPERIMENT,
)


def find_experiment(experiment_id: str) -> Experiment:
    """The experiment of that id; raises BadInput naming those there are."""
    from lab.errors import BadInput

    for experiment in EXPERIMENTS:
        if experiment.id == experiment_id:
            return experiment
    known = ", ".join(experiment.id for experiment in EXPERIMENTS)
    raise BadInput(f"There is no experiment called “{experiment_id}”. There are: {known}.")
