"""The gains of packaged voices, measured beforehand: a build need not speak their passage to know how loud they are.

Each stands under the recipe of its measurement (`Speaker.gain_key`): the engine with its version, the voice, rate
and pitch. With any other version there is nothing here, and the voice is measured as all others are.
`python -m tests.speak.test_measured` measures all anew and prints the table; the test compares.
"""

from __future__ import annotations

GAINS: dict[str, float] = {
    "95c1aa8f1fcaa9aca751fc33ad7aaf2bce822cf90af200c5d5fd73611018da72": 2.85,  # brisk
    "7db0ec735eac115f1d54b1163b0877dce27a7edc4e800f05ed142a61fad29f15": 2.61,  # brisk-de
    "eba0a3ef84ca7deb3c1989fbb360cacf76bc4752c7087ff84cdb4a0d31dad475": 3.64,  # brisk-es
    "65f4eb3f3bf64f6411220e273ff6a7ff07f0285f3ca84e1120490d8d6c1f4086": 2.31,  # calm
    "3e925675eedfee9afed80beba789a8e4c7638fe097a32d34ec09a1fe4e6d763d": 2.19,  # calm-de
    "c260559fb3f8546b4e9ada87bd8936f2bb6c7e480e8fc2cf3caee031d3ada77e": 3.4,  # calm-es
    "25970993adf10c9011f02c3092ddcbdafff24deb77959387b3762b34eb82ac64": 2.53,  # coach
    "cc506a4198555d5c6e7cc948936238a3753402445507edbdf7b35132f792b958": 2.16,  # coach-de
    "c35b1261f2fb9d4aea4911e4e82f2dc1c68a05b86c09c588b6980ca7e67c5be4": 3.37,  # coach-es
    "7692f0203ffec12796a3abb030ccef1b6b0e230c47987cf08d76967b64f65f6b": 6.01,  # joe
}
"""In dB, by key."""
