"""The gains of packaged voices, measured beforehand: a build need not speak their passage to know how loud they are.

Each stands under the recipe of its measurement (`Speaker.gain_key`): the engine with its version, the voice, rate
and pitch. With any other version there is nothing here, and the voice is measured as all others are.
`python -m tests.speak.test_measured` measures all anew and prints the table; the test compares.
"""

from __future__ import annotations

GAINS: dict[str, float] = {
    "1f6028b7ea1fc7d43605fd9947fd1e09d0969434b6367cea6a0869e489a9329d": 6.48,  # brisk-joe
    "95c1aa8f1fcaa9aca751fc33ad7aaf2bce822cf90af200c5d5fd73611018da72": 2.85,  # brisk-machine
    "7db0ec735eac115f1d54b1163b0877dce27a7edc4e800f05ed142a61fad29f15": 2.61,  # brisk-de
    "eba0a3ef84ca7deb3c1989fbb360cacf76bc4752c7087ff84cdb4a0d31dad475": 3.64,  # brisk-es-machine-es
    "fc603a4a1ad79f24499de46f756cfcf4ddd0dbc2ee6b5df74f5954cd7eb4eb72": 5.32,  # calm-joe
    "65f4eb3f3bf64f6411220e273ff6a7ff07f0285f3ca84e1120490d8d6c1f4086": 2.31,  # calm-machine
    "3e925675eedfee9afed80beba789a8e4c7638fe097a32d34ec09a1fe4e6d763d": 2.19,  # calm-de
    "c260559fb3f8546b4e9ada87bd8936f2bb6c7e480e8fc2cf3caee031d3ada77e": 3.4,  # calm-es-machine-es
    "03d86982ca727d48e4f3b1f84ae1559939b1eefa12d1c5497169bcb78ed08552": 6.01,  # joe
    "25970993adf10c9011f02c3092ddcbdafff24deb77959387b3762b34eb82ac64": 2.53,  # machine
    "cc506a4198555d5c6e7cc948936238a3753402445507edbdf7b35132f792b958": 2.16,  # machine-de
    "c35b1261f2fb9d4aea4911e4e82f2dc1c68a05b86c09c588b6980ca7e67c5be4": 3.37,  # machine-es
}
"""In dB, by key."""
