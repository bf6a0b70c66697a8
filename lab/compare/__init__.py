"""The same message put to several panes: other weights, another prompt, a grammar or a page; judged and told apart."""
