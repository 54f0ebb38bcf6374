"""What a team writes: schemes, datasets, metrics, segments, scorecards, in YAML.

project = load_project("examples/ravenstack")     # all or nothing; every issue is listed
project.scorecards["enterprise"].measures
Versions(project).of("scorecards", "enterprise")
"""

from keepwell.definitions.issues import Issue
from keepwell.definitions.loading import load_project, parse_project
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions

__all__ = ["Issue", "Project", "Versions", "load_project", "parse_project"]
