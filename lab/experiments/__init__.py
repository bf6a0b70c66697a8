"""The experiments, one file each. This tuple is the list; importing it loads no model."""

from lab.experiments import (
    bad_context,
    canaries,
    chunking,
    citation_check,
    classification,
    data_quality,
    distractors,
    embedding,
    examples_needed,
    failed_retrieval,
    four_answers,
    freshness,
    growing_collection,
    keeping_current,
    knowledge_dump,
    mend_or_tune,
    missing_knowledge,
    multi_step,
    news_stream,
    query_costs,
    repeated_training,
    reranking,
    side_effects,
    skewed_data,
    source_labels,
    square,
    strict_format,
    style_guide,
    threshold,
    two_questions,
)
from lab.experiments.experiment import Experiment

EXPERIMENTS: tuple[Experiment, ...] = (
    four_answers.EXPERIMENT,
    examples_needed.EXPERIMENT,
    data_quality.EXPERIMENT,
    side_effects.EXPERIMENT,
    knowledge_dump.EXPERIMENT,
    square.EXPERIMENT,
    missing_knowledge.EXPERIMENT,
    failed_retrieval.EXPERIMENT,
    freshness.EXPERIMENT,
    citation_check.EXPERIMENT,
    growing_collection.EXPERIMENT,
    news_stream.EXPERIMENT,
    style_guide.EXPERIMENT,
    strict_format.EXPERIMENT,
    classification.EXPERIMENT,
    query_costs.EXPERIMENT,
    multi_step.EXPERIMENT,
    source_labels.EXPERIMENT,
    canaries.EXPERIMENT,
    skewed_data.EXPERIMENT,
    repeated_training.EXPERIMENT,
    keeping_current.EXPERIMENT,
    chunking.EXPERIMENT,
    reranking.EXPERIMENT,
    threshold.EXPERIMENT,
    bad_context.EXPERIMENT,
    mend_or_tune.EXPERIMENT,
    embedding.EXPERIMENT,
    distractors.EXPERIMENT,
    two_questions.EXPERIMENT,
)


def find_experiment(experiment_id: str) -> Experiment:
    """The experiment of that id; raises BadInput naming those there are."""
    from lab.errors import BadInput

    for experiment in EXPERIMENTS:
        if experiment.id == experiment_id:
            return experiment
    known = ", ".join(experiment.id for experiment in EXPERIMENTS)
    raise BadInput(f"There is no experiment called “{experiment_id}”. There are: {known}.")
