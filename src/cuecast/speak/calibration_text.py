"""The text of each language on which a voice's loudness is measured: what a routine says most."""

from __future__ import annotations

TEXTS = {
    "en": "Next: calves, left side. Sit with your legs straight, your hands flat behind you, and lift your hips off "
    "the floor. Slowly, stay on the tender spot and breathe out. Switch sides. Ten seconds left. "
    "Lift your right knee for balance. Halfway. Well done, you are finished.",
    "de": "Als Nächstes: Waden, linke Seite. Setz dich mit gestreckten Beinen hin, die Hände flach hinter dir, und "
    "heb das Becken vom Boden. Langsam, bleib auf der schmerzenden Stelle und atme aus. Seitenwechsel. "
    "Noch zehn Sekunden. Heb das rechte Knie. Halbzeit. Gut gemacht, du bist fertig.",
    "es": "Siguiente: gemelos, lado izquierdo. Siéntate con las piernas estiradas, las manos apoyadas detrás, y "
    "levanta la cadera del suelo. Despacio, quédate en el punto sensible y suelta el aire. Cambia de lado. "
    "Quedan diez segundos. Levanta la rodilla derecha. Mitad. Bien hecho, has terminado.",
    "fr": "Ensuite : mollets, côté gauche. Assieds-toi jambes tendues, les mains à plat derrière toi, et décolle le "
    "bassin du sol. Lentement, reste sur le point sensible et expire. Change de côté. Encore dix secondes. "
    "Lève le genou droit. Mi-temps. Bravo, c'est terminé.",
    "it": "Adesso: polpacci, lato sinistro. Siediti con le gambe tese, le mani dietro di te, e solleva il bacino da "
    "terra. Piano, resta sul punto dolente ed espira. Cambia lato. Ancora dieci secondi. "
    "Alza il ginocchio destro. Metà. Ben fatto, hai finito.",
    "nl": "Nu: kuiten, linkerkant. Ga zitten met gestrekte benen, je handen plat achter je, en til je heupen van de "
    "vloer. Langzaam, blijf op de gevoelige plek en adem uit. Wissel van kant. Nog tien seconden. "
    "Til je rechterknie op. Halverwege. Goed gedaan, je bent klaar.",
    "pt": "A seguir: panturrilhas, lado esquerdo. Sente-se com as pernas esticadas, as mãos apoiadas atrás, e "
    "levante o quadril do chão. Devagar, fique no ponto sensível e solte o ar. Troque de lado. "
    "Faltam dez segundos. Levante o joelho direito. Metade. Muito bem, você terminou.",
}


def calibration_text(language: str) -> str:
    """The text for a language tag; the English one for other languages, whose sounds are near enough."""
    return TEXTS.get(language.partition("-")[0], TEXTS["en"])
