"""One family of errors: each message is a sentence for the user and names the remedy."""


class FouError(Exception):
    """The task failed. The command lines print the message and exit with `exit_code`."""

    exit_code = 1


class UsageError(FouError):
    """Wrong use: an option, a setting or an argument that can't be as it is."""

    exit_code = 2


class UnreadableDocument(FouError):
    """A document that can't be read; the message is the reason, without the file's name."""


class StoreError(FouError):
    """The store can't be written or read as it must: the run ends here. What was kept before stays."""
