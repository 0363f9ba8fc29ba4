"""From a source on the web to folders of documents in the corpus: good manners, safety, and a state that stands an abort."""
