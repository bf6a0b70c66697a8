"""What several experiments are put together from: questions asked, behaviours judged, trainings, generated texts."""
