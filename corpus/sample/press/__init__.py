"""The press of the sample reports: sources are read, set as pages, and some of them worn as paper is."""
