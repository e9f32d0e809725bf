"""A Qwen3-VL small enough to ship, and the drawn scenes it can see."""
