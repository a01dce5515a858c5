"""The gains of packaged voices, measured beforehand: a build need not speak their passage to know how loud they are.

Each stands under the recipe of its measurement (`Speaker.gain_key`): the engine with its version, the voice, rate
and pitch. With any other version there is nothing here, and the voice is measured as all others are.
Kokoro's are of the model that `tools.kokoro_files` gets.
`python -m tests.speak.test_measured` measures all anew and prints the table; the test compares.
"""

from __future__ import annotations

GAINS: dict[str, float] = {
    "8639baaaa8d5ace1e36cd6a6b9cff90ca6970930c0b4ff14421391ea74501834": 4.2,  # alex
    "703262a8e16150694f403494d494e6a95378d7f09223212122460e9d9a66e92e": 2.61,  # brisk-de
    "63f51e98a3e45b0134ea0ca1d5cb6e071410b553c0cff45773baa4db6613c07e": 4.32,  # brisk-es-alex
    "e254bcde9760bf33e2ec0e8a95525bbccccd661e9dadbcd372a07d66bf56fd2b": 3.64,  # brisk-es-machine-es
    "02e213849f977e9a05b69ba3185f79806dd1b65a085ec96fd301b196dd455584": 6.48,  # brisk-joe
    "4a7baaf522b51510ba5b4751b52fa6dc85bb5b42427fd6ed4c5cfc0bd1240060": 2.85,  # brisk-machine
    "5fa0e27a5bbc5b72bfe5f5e0c8143d684ea24acb720ac35f2ea3744e51df7263": 5.29,  # brisk-michael
    "3cff41895fd32a21f60c37f9fbe211293b21fcc10e60ca1998975e11963e7b32": 2.19,  # calm-de
    "a2a4b0b7307e8b7af635fe660f6dbed5d0b03b6a2b8397be93e59e0b7a9aba5d": 3.4,  # calm-es, by machine-es
    "6312a2034e1c5feb238eebd1327d9034b5cf422f42a7128d2ee4419f53a56fae": 5.0,  # calm-es, by dora
    "248c918b40bf1f90530244fc3d796fc85ecacab03b847d4b09182c0e791637a7": 3.44,  # calm-heart
    "20681059efab9802e12376d1aad4020393307c84daf9ec716d866282eec748ad": 5.32,  # calm-joe
    "e2331ef19d79ca2b7baaa7d58f5e0f1721f0b689512e5b8b2ee2ab8632e77b1f": 2.31,  # calm-machine
    "516b4bfbf881c353ce57b3e8a70a4a80da121f6ceeecdae5e8c26dbce9049f94": 4.99,  # dora
    "7a45fdb78b724bab4b3491935f996bff4f36729f120f950d2476ab133b61e6e9": 3.47,  # heart
    "395b1c7b85506251cfcb366f51ecc6fa5111cb93441be08c71e13096996eacd6": 1.23,  # emma
    "b9e1f1ae4c9356dd943604e4d7d4fd7604994343112316689bb065dad6c5d7d0": 2.56,  # george
    "4b3a27c65a9ac913fd351fc4542ef03ecc3aeca947a0f501ffe2ceb93280a2ea": 6.01,  # joe
    "1cf4fb5cefae8158e2be8887c4b7bd06b1471d09a4c42b13068c76eb93fb166c": 2.53,  # machine
    "b0c487856d555084f9f0537a2b179e79dc82c9210a3a9fedc8f953813e4c5ad9": 2.16,  # machine-de
    "305b6b610b0bcd164b905ae1823b4a9b87c4b2888f6a1b517ce42ad1ebfd105d": 3.37,  # machine-es
    "72097d40d6dbed37205b6dac4051c51358e362d807c5ebbf16b6b6bd6fb10cc5": 5.23,  # michael
}
"""In dB, by key."""
