"""A survey on the terminal, as respondents read it, with what leads to each question beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.text import Text

from keepwell.cli.terminal.numbers import percent
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, joined, printable, spoken, titled
from keepwell.definitions.durations import print_days
from keepwell.definitions.languages import in_language
from keepwell.definitions.survey_questions import MatrixQuestion, Question, Scale
from keepwell.definitions.surveys import Survey
from keepwell.definitions.triggers import kind_of


def print_survey(terminal: Terminal, name: str, survey: Survey, language: str) -> None:
    reader = _Reader(survey, language)
    note = f"{language}, of {', '.join(survey.languages)}" if len(survey.languages) > 1 else language
    terminal.heading(reader.text(survey.heading) or titled(survey.title, name), note)
    if intro := reader.text(survey.intro):
        terminal.paragraph(intro)
    for number, question in enumerate(survey.questions, 1):
        terminal.line()
        terminal.line(reader.head(number, question))
        for line in reader.below(question):
            terminal.line(line, style="dim")
    if thanks := reader.text(survey.thanks):
        terminal.line()
        terminal.paragraph(thanks)
    terminal.line()
    for line in _about(survey):
        terminal.line(line, style="dim")


class _Reader:
    """Texts of a survey in one language."""

    def __init__(self, survey: Survey, language: str) -> None:
        self._survey, self._language = survey, language

    def text(self, texts: Mapping[str, str] | None) -> str:
        return printable(in_language(texts, self._language, self._survey.default_language)) if texts else ""

    def head(self, number: int, question: Question) -> Text:
        must = " *" if question.required else ""
        return Text.assemble(
            (f"{number}. {self.text(question.text)}{must}", "bold"),
            (f"  {question.name}, {spoken(question.kind)}", "dim"),
        )

    def below(self, question: Question) -> Iterator[str]:
        if question.show_when is not None:
            yield f"   asked when {question.show_when}"
        if question.help is not None:
            yield f"   {self.text(question.help)}"
        if isinstance(question, Scale):
            ends = [self.text(question.low), self.text(question.high)]
            numbers = f"{question.lowest} to {question.highest}, good from {question.top_from}"
            yield f"   {numbers}" + (f"; {' ... '.join(ends)}" if any(ends) else "")
        for key in ("choices", "rows"):
            for one in getattr(question, key, ()):
                yield f"   - {self.text(one.text)} ({one.value})"
        if isinstance(question, MatrixQuestion):
            yield f"   each: {' | '.join(self.text(one.text) for one in question.columns)}"
        if getattr(question, "randomised", False):
            yield "   in another order for each person"
        if question.end_when is not None:
            yield f"   ends here when {question.end_when}"


def _about(survey: Survey) -> Iterator[str]:
    sent = f"on {joined(spoken(kind_of(one)) for one in survey.on)}" if survey.on else "by hand"
    yield f"Reaches people by {joined(map(spoken, survey.distribution))}; sent {sent}"
    if survey.audience.accounts is not None:
        yield f"Accounts: {survey.audience.accounts}"
    if survey.audience.people is not None:
        yield f"People: {survey.audience.people}"
    sample = f"; {percent(survey.sample)} of them, drawn once" if survey.sample < 1 else ""
    yield f"Nobody who was asked within {print_days(survey.cool_down)}{sample}"
    if survey.reminders is not None:
        yield f"{counted(survey.reminders.at_most, 'reminder')} at most, {print_days(survey.reminders.after)} apart"
    if survey.closes is not None:
        when = f"after {survey.closes.on}" if survey.closes.on else f"{survey.closes} after the invitation"
        yield f"Closes {when}"
    if not survey.enabled:
        yield "It is not enabled, and asks nobody"
