"""A survey with every kind of question, for tests."""

from __future__ import annotations

SURVEY = """
surveys:
  relationship:
    title: Relationship
    languages: [en, de]
    heading: {en: Your opinion, de: Ihre Meinung}
    intro: {en: Two minutes, de: Zwei Minuten}
    questions:
      - name: recommend
        kind: nps
        required: true
        text: {en: Would you recommend us?, de: Würden Sie uns empfehlen?}
        low: {en: Never, de: Nie}
        high: {en: Surely, de: Sicher}
      - {name: easy, kind: ces, text: {en: Was it easy?, de: War es leicht?}}
      - name: why
        kind: single_choice
        text: {en: Why not?, de: Warum nicht?}
        show_when: recommend <= 6
        randomised: true
        choices:
          - {value: price, text: {en: Price, de: Preis}}
          - {value: support, text: {en: Support, de: Hilfe}}
          - {value: other, text: {en: Other, de: Anderes}, fixed: true}
      - {name: details, kind: text, show_when: why = 'other', text: {en: Tell us, de: Und zwar}, characters: 20}
      - name: features
        kind: multiple_choice
        text: {en: What do you use?, de: Was nutzen Sie?}
        at_most: 2
        choices:
          - {value: api, text: {en: API, de: API}}
          - {value: reports, text: {en: Reports, de: Berichte}}
          - {value: boards, text: {en: Boards, de: Tafeln}}
      - name: order
        kind: ranking
        show_when: features.api and recommend > 6
        text: {en: What matters?, de: Was zählt?}
        choices:
          - {value: speed, text: {en: Speed, de: Tempo}}
          - {value: looks, text: {en: Looks, de: Aussehen}}
      - name: parts
        kind: matrix
        text: {en: How good is, de: Wie gut ist}
        rows:
          - {value: search, text: {en: Search, de: Suche}}
          - {value: help, text: {en: Help, de: Hilfe}}
        columns:
          - {value: good, text: {en: Good, de: Gut}}
          - {value: bad, text: {en: Bad, de: Schlecht}}
        end_when: parts.search = 'bad'
      - {name: stars, kind: rating, from: 1, to: 10, good_from: 8, text: {en: Stars, de: Sterne}}
      - {name: satisfied, kind: csat, text: {en: Satisfied?, de: Zufrieden?}}
    thanks: {en: Thank you, de: Danke}
    audience: {accounts: in_segment('large') and label <> 'red', people: role = 'admin' or is_sponsor}
    distribution: [email, personal_link]
    email:
      subject: {en: "A question, {contact.name}", de: "Eine Frage, {contact.name}"}
      text: {en: "Please answer: {link}", de: "Bitte antworten: {link}"}
    on: [{schedule: on the 1st of each month at 09:00}, {event: went_live}]
    cool_down: 60 days
    sample: 50%
    reminders: {after: 5 days, at_most: 2}
    closes: 30 days
    account_value: {question: recommend, aggregate: nps, within: 365 days}
"""
