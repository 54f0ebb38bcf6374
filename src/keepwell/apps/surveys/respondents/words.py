"""What the pages around the questions say, in the languages that Keepwell speaks; others are answered in English."""

from __future__ import annotations

from collections.abc import Mapping

from keepwell.definitions.languages import best_language
from keepwell.engine.surveys.words import SPOKEN

NAMES: Mapping[str, str] = {
    "en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "nl": "Nederlands",
    "pt": "Português", "ar": "العربية", "pl": "Polski", "sv": "Svenska", "da": "Dansk", "nb": "Norsk", "fi": "Suomi",
    "cs": "Čeština", "tr": "Türkçe", "ja": "日本語", "zh": "中文", "ko": "한국어", "he": "עברית", "fa": "فارسی",
    "ur": "اردو", "ru": "Русский", "uk": "Українська", "el": "Ελληνικά", "hu": "Magyar", "ro": "Română",
}  # fmt: skip
"""Languages by their own names; of others the code is shown."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unsubscribe": "Do not ask me again",
        "open": "Answer",
        "survey": "Survey",
        "language": "Language",
        "progress": "{percent} % done",
        "needed": "needs an answer",
        "choose": "Choose",
        "place": "Place of {choice}",
        "ranking": "Give 1 to what comes first, 2 to the next, up to {count}.",
        "check": "Please check what is marked below.",
        "thanks": "Thank you. Your answer has arrived.",
        "gone": "Nothing to answer here",
        "gone_text": "This link leads to no open survey. If you have answered it: thank you, your answer has arrived.",
        "stop": "Do you want no more questions from us?",
        "stop_text": "You will get no more letters that ask for your opinion.",
        "stopped": "Done",
        "stopped_text": "You will get no more letters that ask for your opinion.",
    },
    "de": {
        "unsubscribe": "Nicht mehr fragen",
        "open": "Antworten",
        "survey": "Umfrage",
        "language": "Sprache",
        "progress": "{percent} % geschafft",
        "needed": "braucht eine Antwort",
        "choose": "Bitte wählen",
        "place": "Platz für {choice}",
        "ranking": "Geben Sie dem Wichtigsten die 1, dem nächsten die 2, und so weiter bis {count}.",
        "check": "Bitte sehen Sie nach, was unten markiert ist.",
        "thanks": "Vielen Dank. Ihre Antwort ist angekommen.",
        "gone": "Hier gibt es nichts zu beantworten",
        "gone_text": "Dieser Link führt zu keiner offenen Umfrage. Falls Sie geantwortet haben: vielen Dank, Ihre "
        "Antwort ist angekommen.",
        "stop": "Möchten Sie nicht mehr gefragt werden?",
        "stop_text": "Sie bekommen dann keine Briefe mehr, die nach Ihrer Meinung fragen.",
        "stopped": "Erledigt",
        "stopped_text": "Sie bekommen keine Briefe mehr, die nach Ihrer Meinung fragen.",
    },
    "fr": {
        "unsubscribe": "Ne plus me solliciter",
        "open": "Répondre",
        "survey": "Enquête",
        "language": "Langue",
        "progress": "{percent} % effectués",
        "needed": "réponse nécessaire",
        "choose": "Choisir",
        "place": "Place de {choice}",
        "ranking": "Donnez 1 à ce qui vient en premier, 2 au suivant, jusqu’à {count}.",
        "check": "Veuillez vérifier ce qui est signalé ci-dessous.",
        "thanks": "Merci. Votre réponse est arrivée.",
        "gone": "Rien à remplir ici",
        "gone_text": "Ce lien ne mène à aucune enquête ouverte. Si vous avez répondu : merci, votre réponse est "
        "arrivée.",
        "stop": "Ne plus recevoir de questions de notre part ?",
        "stop_text": "Vous ne recevrez plus de messages demandant votre avis.",
        "stopped": "C’est fait",
        "stopped_text": "Vous ne recevrez plus de messages demandant votre avis.",
    },
    "es": {
        "unsubscribe": "No preguntarme más",
        "open": "Responder",
        "survey": "Encuesta",
        "language": "Idioma",
        "progress": "{percent} % completado",
        "needed": "necesita respuesta",
        "choose": "Elegir",
        "place": "Lugar de {choice}",
        "ranking": "Dé 1 a lo primero, 2 a lo siguiente, hasta {count}.",
        "check": "Por favor, revise lo marcado abajo.",
        "thanks": "Gracias. Su respuesta ha llegado.",
        "gone": "No hay nada que responder aquí",
        "gone_text": "Este enlace no lleva a ninguna encuesta abierta. Si ya respondió: gracias, su respuesta ha "
        "llegado.",
        "stop": "¿No desea recibir más preguntas nuestras?",
        "stop_text": "No recibirá más mensajes que pidan su opinión.",
        "stopped": "Hecho",
        "stopped_text": "No recibirá más mensajes que pidan su opinión.",
    },
    "it": {
        "unsubscribe": "Non chiedermelo più",
        "open": "Rispondere",
        "survey": "Sondaggio",
        "language": "Lingua",
        "progress": "{percent} % completato",
        "needed": "richiede una risposta",
        "choose": "Scegliere",
        "place": "Posto di {choice}",
        "ranking": "Dia 1 a ciò che viene prima, 2 al successivo, fino a {count}.",
        "check": "Controlli quanto è segnato qui sotto, per favore.",
        "thanks": "Grazie. La Sua risposta è arrivata.",
        "gone": "Niente da compilare qui",
        "gone_text": "Questo link non porta a nessun sondaggio aperto. Se ha risposto: grazie, la Sua risposta è "
        "arrivata.",
        "stop": "Non vuole più ricevere domande da noi?",
        "stop_text": "Non riceverà più messaggi che chiedono la Sua opinione.",
        "stopped": "Fatto",
        "stopped_text": "Non riceverà più messaggi che chiedono la Sua opinione.",
    },
    "nl": {
        "unsubscribe": "Vraag mij niets meer",
        "open": "Antwoorden",
        "survey": "Enquête",
        "language": "Taal",
        "progress": "{percent} % gedaan",
        "needed": "vraagt een antwoord",
        "choose": "Kiezen",
        "place": "Plaats van {choice}",
        "ranking": "Geef 1 aan wat voorop staat, 2 aan het volgende, tot {count}.",
        "check": "Controleer wat hieronder is gemarkeerd.",
        "thanks": "Dank u. Uw antwoord is aangekomen.",
        "gone": "Hier valt niets in te vullen",
        "gone_text": "Deze link leidt naar geen open enquête. Hebt u al geantwoord: dank u, uw antwoord is aangekomen.",
        "stop": "Wilt u geen vragen meer van ons?",
        "stop_text": "U krijgt geen berichten meer die naar uw mening vragen.",
        "stopped": "Gedaan",
        "stopped_text": "U krijgt geen berichten meer die naar uw mening vragen.",
    },
    "pt": {
        "unsubscribe": "Não me perguntar mais",
        "open": "Responder",
        "survey": "Pesquisa",
        "language": "Idioma",
        "progress": "{percent} % concluído",
        "needed": "precisa de resposta",
        "choose": "Escolher",
        "place": "Lugar de {choice}",
        "ranking": "Dê 1 ao que vem primeiro, 2 ao seguinte, até {count}.",
        "check": "Por favor, verifique o que está marcado abaixo.",
        "thanks": "Obrigado. A sua resposta chegou.",
        "gone": "Nada para responder aqui",
        "gone_text": "Este link não leva a nenhuma pesquisa aberta. Se já respondeu: obrigado, a sua resposta chegou.",
        "stop": "Não quer receber mais perguntas nossas?",
        "stop_text": "Não receberá mais mensagens que peçam a sua opinião.",
        "stopped": "Feito",
        "stopped_text": "Não receberá mais mensagens que peçam a sua opinião.",
    },
    "ar": {
        "unsubscribe": "لا تسألوني مرة أخرى",
        "open": "الإجابة",
        "survey": "استبيان",
        "language": "اللغة",
        "progress": "اكتمل {percent}٪",
        "needed": "يحتاج إلى إجابة",
        "choose": "اختر",
        "place": "مرتبة {choice}",
        "ranking": "أعط الرقم 1 للأهم، ثم 2 لما يليه، حتى {count}.",
        "check": "يرجى مراجعة ما تم تمييزه أدناه.",
        "thanks": "شكرًا لك. لقد وصلت إجابتك.",
        "gone": "لا يوجد ما تجيب عنه هنا",
        "gone_text": "لا يؤدي هذا الرابط إلى استبيان مفتوح. إن كنت قد أجبت: شكرًا لك، لقد وصلت إجابتك.",
        "stop": "ألا ترغب في تلقي المزيد من أسئلتنا؟",
        "stop_text": "لن تصلك بعد الآن رسائل تطلب رأيك.",
        "stopped": "تم",
        "stopped_text": "لن تصلك بعد الآن رسائل تطلب رأيك.",
    },
}


def said(word: str, language: str, **values: object) -> str:
    """A sentence in the language, in English where Keepwell does not speak it."""
    return _WORDS[best_language([language], SPOKEN)][word].format(**values)


def in_all(language: str) -> dict[str, str]:
    """Every sentence without values."""
    return dict(_WORDS[best_language([language], SPOKEN)])


def language_name(code: str) -> str:
    """By its own name."""
    return NAMES.get(code) or NAMES.get(code.split("-", maxsplit=1)[0], code)
