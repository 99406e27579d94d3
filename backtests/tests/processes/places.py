"""Where faults wait for a process that comes by."""

# The variable that names the folder with the faults.
FOLDER = "BOTFORGE_TEST_FAULTS"
# In the worker: a job is taken out of the queue and not begun.
POPPED = "popped"
# In its fork: a verification is claimed and not begun.
VERIFYING = "verifying"
