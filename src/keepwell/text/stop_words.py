"""Words that say nothing of what a text is about, by language; they also tell languages apart."""

from __future__ import annotations

_WRITTEN = {
    "en": """
    a about after all also am an and any are as at be because been being but by can could did do does doing don't
    down for from had has have having he her here him his how i i'm i've if in into is isn't it it's its just me
    more most my no nor not of off on once only or other our out over own same she should so some such than that
    the their them then there these they this those through to too under until up us very was we were what when
    where which while who why will with would you your""",
    "de": """
    aber alle als am an auch auf aus bei bin bis bist da dann das dass dem den der des die dies diese dieser doch
    du durch ein eine einem einen einer er es euch für habe haben hat hatte hier ich ihr ihre im in ist ja kann
    kein keine man mehr mein meine mich mir mit nach nicht noch nur ob oder sehr sein seine sich sie sind so um und
    uns unser von vor war waren was weil wenn wer wie wir wird wurde zu zum zur über""",
    "fr": """
    à au aux avec avons ce ces cette dans de des du elle elles en est et être eu fait ils j'ai je la le les leur
    lui mais me même mes moi mon n'est ne nos notre nous on ont ou où par pas plus pour qu'il que qui sa sans se ses
    si son sont sur ta te tes toi ton très tu un une vos votre vous était c'est""",
    "es": """
    a al algo como con cuando de del desde donde el ella ellos en entre era es esta este esto están fue ha hasta
    hay la las le les lo los me mi muy más nada ni no nos nosotros o para pero por porque que quien se ser si sin
    sobre son su sus también te tiene todo tu un una uno y ya yo""",
    "it": """
    a ai al alla anche che chi ci come con cui da dal dalla dei del della delle di dove e è gli ha hanno ho i il
    in io la le lei lo loro lui ma mi mio molto ne nei nel nella noi non nostro o per perché più quando questa
    questo se sei si sono su sua suo tra tu tutto un una uno vi voi""",
    "nl": """aan al als bij dat de den der deze die dit door een en er had heb hebben heeft het hij hoe ik in is je kan
    maar me met mij mijn naar niet nog nu of om omdat onder ons ook op over te toch tot uit van veel voor waren was
    wat we wel wij werd wordt zeer zich zij zijn zo zonder""",
    "pt": """a ao aos as até com como da das de do dos e ela ele em entre era essa esse esta este está eu foi há isso já
    lhe mais mas me meu minha muito na não nas nem no nos nós o os ou para pela pelo por porque quando que quem se
    sem ser seu sua são também tem um uma você""",
}
STOP_WORDS: dict[str, frozenset[str]] = {code: frozenset(line.split()) for code, line in _WRITTEN.items()}
