"""How many pictures a GPU can caption at once, from its free memory."""

from __future__ import annotations

MOST = 64
"""Pictures. Beyond, a step of the answer hardly gets cheaper for each, while all wait
for the longest answer."""

_CACHE_BYTES = 114_688
"""Keys and values of one token: 28 layers × 2 × 8 heads × 128 × 2 bytes in the 2B
model. The activations below are of its widths as well; a smaller model needs less."""

_VISION_BYTES = 200_000
"""The vision tower's activations for one visual token, which is four patches: each has
1024 wide residuals, 3 × 1024 wide queries, keys and values, 2 × 4096 wide inner values
and 1536 pixel values in float32, 38 kB together; the rest is for torch's temporaries.
The text model's own (53 kB a token) come later and find that memory free again."""

_VOCABULARY_BYTES = 151_936 * 4 * 4
"""The scores of the next token in float32, with the copies that generation makes."""

_QUESTION_TOKENS = 200
_RESERVE_BYTES = 512 << 20  # dequantised weights, attention's work space, libraries
_USABLE = 0.8  # of what is then left: the allocator leaves holes


def bytes_of_a_picture(visual_tokens: int, new_tokens: int) -> int:
    """What one more picture in a batch takes at most."""
    tokens = visual_tokens + _QUESTION_TOKENS + new_tokens
    return (
        tokens * _CACHE_BYTES
        + visual_tokens * _VISION_BYTES
        + _VOCABULARY_BYTES
    )  # fmt: skip


def batch_that_fits(free_bytes: int, visual_tokens: int, new_tokens: int) -> int:
    """Pictures in a batch, 1 to MOST. `free_bytes` are those left with the model in
    memory; a batch that turns out too large is halved by the captioner."""
    usable = (free_bytes - _RESERVE_BYTES) * _USABLE
    fitting = int(usable // bytes_of_a_picture(visual_tokens, new_tokens))
    return max(1, min(fitting, MOST))
