"""Questions that find the misconception: the bank, drawing and marking a quiz."""
