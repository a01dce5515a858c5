"""The stage `arrange`: a Script and the durations of its words become a Timeline. It never sees sound.

Who goes first: work intervals and their tones, written cues, name and side, interval and halfway tones, other
announcements. Each takes the room that those above leave.
"""

from __future__ import annotations

from cuecast.arrange.context import ArrangeContext, Durations
from cuecast.arrange.intervals import LEAD_IN_MS, TOTAL_AT_MS, IntervalLayout, SlackTime
from cuecast.arrange.occupancy import BETWEEN_UTTERANCES, Occupancy
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.duration import up_to_second
from cuecast.model.script import Script, Utterance
from cuecast.model.timeline import Timeline

__all__ = ["Durations", "arrange"]


def arrange(
    script: Script,
    durations: Durations,
    *,
    estimated: bool = False,
    wake: bool = True,
    target_ms: int | None = None,
    fill: bool = True,
) -> tuple[Timeline, tuple[Diagnostic, ...]]:
    """Lay `script` out in time.

    Words that have no room are errors, or the warning `may-overrun` if durations are `estimated`. `wake` puts a soft
    tone before sound that follows a long silence, for Bluetooth headphones. `target_ms` is the length that the track
    announces; if the layout is shorter, `fill` lengthens the gaps by the seconds left over.
    """
    slack = SlackTime()
    lead_in = LEAD_IN_MS
    opening: Utterance | None = None
    while True:
        lanes = Occupancy({tone.name: tone for tone in script.tones})
        context = ArrangeContext(durations, estimated, lanes)
        layout = IntervalLayout(script, context, slack)
        layout.lay(lead_in, opening)
        if fill and target_ms is not None and layout.now < target_ms and not slack.ms:
            slack = SlackTime(target_ms - layout.now, layout.gaps)
            continue
        if script.opening is None:
            break
        # The words for the length depend on the length, and the length on these words, but only through the lead-in,
        # which never gets shorter: the loop ends after a round or two.
        words = script.opening(target_ms or layout.now)
        needed = up_to_second(TOTAL_AT_MS + context.ms(words) + BETWEEN_UTTERANCES)
        if words == opening and needed <= lead_in:
            break
        lead_in, opening = max(lead_in, needed), words
        slack = SlackTime()
    return layout.timeline(wake), (*context.diagnostics, *layout.bed.faults())
