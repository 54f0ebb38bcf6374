from __future__ import annotations

from keepwell.apps.configuration.merging import merged

BASE = {"a.yaml": "".join(f"line {n}\n" for n in range(10)), "b.yaml": "b\n", "c.yaml": "c\n"}


def test_changes_of_different_lines_are_both_there() -> None:
    ours = BASE | {"a.yaml": BASE["a.yaml"].replace("line 2\n", "mine\n")}
    theirs = BASE | {"a.yaml": BASE["a.yaml"].replace("line 7\n", "theirs\nmore\n")}
    found = merged(BASE, ours, theirs)
    assert found.conflicts == ()
    assert found.files["a.yaml"] == BASE["a.yaml"].replace("line 2", "mine").replace("line 7", "theirs\nmore")


def test_of_the_same_line_ours_stays_and_the_file_is_named() -> None:
    ours, theirs = BASE | {"b.yaml": "mine\n"}, BASE | {"b.yaml": "theirs\n"}
    found = merged(BASE, ours, theirs)
    assert (found.files["b.yaml"], found.conflicts) == ("mine\n", ("b.yaml",))


def test_the_same_change_twice_is_no_conflict() -> None:
    both = BASE | {"a.yaml": BASE["a.yaml"].replace("line 2", "x")}
    ours = both | {"a.yaml": both["a.yaml"].replace("line 8", "y")}
    found = merged(BASE, ours, both)
    assert (found.files, found.conflicts) == (ours, ())


def test_files_come_and_go() -> None:
    ours = {name: text for name, text in BASE.items() if name != "c.yaml"}
    found = merged(BASE, ours, BASE | {"new.yaml": "new\n"})
    assert set(found.files) == {"a.yaml", "b.yaml", "new.yaml"}
    assert merged(BASE, BASE | {"b.yaml": "mine\n"}, {"a.yaml": BASE["a.yaml"], "c.yaml": "c\n"}).conflicts == (
        "b.yaml",
    )
