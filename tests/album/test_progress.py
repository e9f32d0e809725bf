"""How fast it goes and how long it takes, on a clock that the test moves."""

from __future__ import annotations

import pytest

from album.progress import Rate, count_done


def test_rate_is_that_of_the_last_minute() -> None:
    now = [0.0]
    rate = Rate(clock=lambda: now[0])
    assert rate.per_second() is None
    done = 0
    for _ in range(100):  # 2 a second
        rate.look(done)
        now[0] += 1.0
        done += 2
    assert rate.per_second() == pytest.approx(2.0)
    for _ in range(61):  # then 5 a second: after a minute the past is forgotten
        rate.look(done)
        now[0] += 1.0
        done += 5
    assert rate.per_second() == pytest.approx(5.0, rel=0.05)
    rate.pause()
    assert rate.per_second() is None
    rate.look(10)
    now[0] += 1.0
    rate.look(9)  # photos went missing: no negative rate
    assert rate.per_second() is None


@pytest.mark.parametrize(
    ("photos", "pending", "expected"),
    [
        (0, {}, (0, 0)),
        (30, {"read": 10, "facts": 0}, (30, 40)),
        (30, {"read": 10, "facts": 5, "embed": 7}, (23, 40)),
        (5, {"read": 0, "caption": 5, "embed": 5}, (0, 5)),
    ],
)
def test_what_counts_as_done(
    photos: int, pending: dict[str, int], expected: tuple[int, int]
) -> None:
    assert count_done(photos, pending) == expected


@pytest.mark.parametrize("batch", [1, 4, 16])
@pytest.mark.parametrize("seconds", [0.05, 3.0, 25.0])
@pytest.mark.parametrize("loading", [0.0, 60.0])
def test_the_time_left_is_right_within_a_fifth_from_a_tenth_of_the_way_on(
    batch: int, seconds: float, loading: float
) -> None:
    """At constant speed, asked at any moment, also in the middle of a batch, and even
    when the first batch had to wait for the model to be loaded."""
    total, now, done = batch * 40, [0.0], 0
    rate = Rate(clock=lambda: now[0])
    rate.look(0)
    now[0] = loading
    end = loading + total * seconds
    worst = 0.0
    while done < total:
        for _ in range(4):  # a page asks again and again while nothing is finished
            rate.look(done)
            left = rate.seconds_left(total - done)
            if done >= total / 10 and now[0] < end - batch * seconds:
                assert left is not None
                worst = max(worst, abs(left - (end - now[0])) / (end - now[0]))
            now[0] += batch * seconds / 4
        done += batch
    assert worst < 0.2


def test_nothing_is_known_before_something_is_finished() -> None:
    now = [0.0]
    rate = Rate(clock=lambda: now[0])
    rate.look(7)
    now[0] = 500.0
    rate.look(7)
    assert (rate.per_second(), rate.seconds_left(10)) == (None, None)


def test_a_batch_that_takes_longer_than_the_window_does_not_hide_the_rate() -> None:
    now = [0.0]
    rate = Rate(clock=lambda: now[0])
    for batch in range(6):
        rate.look(batch * 4)
        now[0] += 100.0
    assert rate.per_second() == pytest.approx(0.04)
    now[0] += 1000.0  # it hangs: the rest is overdue, not negative
    assert rate.seconds_left(4) == 0.0
