"""What a survey says by itself, in the languages that Keepwell speaks; other languages are answered in English."""

from __future__ import annotations

from collections.abc import Mapping

from keepwell.definitions.languages import best_language

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "required": "Please answer this question.",
        "number": "Please choose a number from {low} to {high}.",
        "one": "Please choose from the answers shown.",
        "at_least": "Please choose at least {count}.",
        "at_most": "Please choose at most {count}.",
        "ranking": "Please put {count} in order, each in a place of its own.",
        "row": "Please answer for “{row}”.",
        "text": "Please write a text.",
        "long": "Please write at most {most} characters; these are {count}.",
        "next": "Next",
        "back": "Back",
        "send": "Send",
    },
    "de": {
        "required": "Bitte beantworten Sie diese Frage.",
        "number": "Bitte wählen Sie eine Zahl von {low} bis {high}.",
        "one": "Bitte wählen Sie unter den gezeigten Antworten.",
        "at_least": "Bitte wählen Sie mindestens {count}.",
        "at_most": "Bitte wählen Sie höchstens {count}.",
        "ranking": "Bitte bringen Sie {count} in eine Reihenfolge, jedes auf einem eigenen Platz.",
        "row": "Bitte antworten Sie zu „{row}“.",
        "text": "Bitte schreiben Sie einen Text.",
        "long": "Bitte schreiben Sie höchstens {most} Zeichen; es sind {count}.",
        "next": "Weiter",
        "back": "Zurück",
        "send": "Absenden",
    },
    "fr": {
        "required": "Veuillez répondre à cette question.",
        "number": "Veuillez choisir un nombre de {low} à {high}.",
        "one": "Veuillez choisir parmi les réponses proposées.",
        "at_least": "Veuillez en choisir au moins {count}.",
        "at_most": "Veuillez en choisir au plus {count}.",
        "ranking": "Veuillez en classer {count}, chacun à une place différente.",
        "row": "Veuillez répondre pour « {row} ».",
        "text": "Veuillez écrire un texte.",
        "long": "Veuillez écrire au plus {most} caractères ; il y en a {count}.",
        "next": "Suivant",
        "back": "Retour",
        "send": "Envoyer",
    },
    "es": {
        "required": "Por favor, responda a esta pregunta.",
        "number": "Por favor, elija un número del {low} al {high}.",
        "one": "Por favor, elija entre las respuestas mostradas.",
        "at_least": "Por favor, elija al menos {count}.",
        "at_most": "Por favor, elija como máximo {count}.",
        "ranking": "Por favor, ordene {count}, cada uno en un lugar distinto.",
        "row": "Por favor, responda para «{row}».",
        "text": "Por favor, escriba un texto.",
        "long": "Por favor, escriba como máximo {most} caracteres; hay {count}.",
        "next": "Siguiente",
        "back": "Atrás",
        "send": "Enviar",
    },
    "it": {
        "required": "Risponda a questa domanda, per favore.",
        "number": "Scelga un numero da {low} a {high}, per favore.",
        "one": "Scelga tra le risposte mostrate, per favore.",
        "at_least": "Ne scelga almeno {count}, per favore.",
        "at_most": "Ne scelga al massimo {count}, per favore.",
        "ranking": "Ne metta {count} in ordine, ciascuno a un posto diverso.",
        "row": "Risponda per «{row}», per favore.",
        "text": "Scriva un testo, per favore.",
        "long": "Scriva al massimo {most} caratteri; sono {count}.",
        "next": "Avanti",
        "back": "Indietro",
        "send": "Invia",
    },
    "nl": {
        "required": "Beantwoord deze vraag alstublieft.",
        "number": "Kies alstublieft een getal van {low} tot {high}.",
        "one": "Kies alstublieft uit de getoonde antwoorden.",
        "at_least": "Kies er alstublieft minstens {count}.",
        "at_most": "Kies er alstublieft hoogstens {count}.",
        "ranking": "Zet er alstublieft {count} op volgorde, elk op een eigen plaats.",
        "row": "Antwoord alstublieft voor ‘{row}’.",
        "text": "Schrijf alstublieft een tekst.",
        "long": "Schrijf alstublieft hoogstens {most} tekens; het zijn er {count}.",
        "next": "Volgende",
        "back": "Terug",
        "send": "Versturen",
    },
    "pt": {
        "required": "Por favor, responda a esta pergunta.",
        "number": "Por favor, escolha um número de {low} a {high}.",
        "one": "Por favor, escolha entre as respostas mostradas.",
        "at_least": "Por favor, escolha pelo menos {count}.",
        "at_most": "Por favor, escolha no máximo {count}.",
        "ranking": "Por favor, ordene {count}, cada um em um lugar diferente.",
        "row": "Por favor, responda para “{row}”.",
        "text": "Por favor, escreva um texto.",
        "long": "Por favor, escreva no máximo {most} caracteres; há {count}.",
        "next": "Seguinte",
        "back": "Voltar",
        "send": "Enviar",
    },
    "ar": {
        "required": "يرجى الإجابة عن هذا السؤال.",
        "number": "يرجى اختيار رقم من {low} إلى {high}.",
        "one": "يرجى الاختيار من الإجابات المعروضة.",
        "at_least": "يرجى اختيار {count} على الأقل.",
        "at_most": "يرجى اختيار {count} على الأكثر.",
        "ranking": "يرجى ترتيب {count}، كل منها في موضع مختلف.",
        "row": "يرجى الإجابة بخصوص «{row}».",
        "text": "يرجى كتابة نص.",
        "long": "يرجى كتابة {most} حرفًا على الأكثر؛ العدد الآن {count}.",
        "next": "التالي",
        "back": "السابق",
        "send": "إرسال",
    },
}
SPOKEN = tuple(WORDS)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "dv", "ckb"})
"""Languages that are written from right to left, spoken here or not."""


def said(word: str, language: str, **values: object) -> str:
    """A sentence in the language, in English where Keepwell does not speak it."""
    return WORDS[best_language([language], SPOKEN)][word].format(**values)


def direction(language: str) -> str:
    """`rtl` or `ltr`, as pages need it."""
    return "rtl" if language.split("-", maxsplit=1)[0].lower() in RIGHT_TO_LEFT else "ltr"
