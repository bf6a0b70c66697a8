"""How sure a share is: the interval every page draws around a rate."""

from __future__ import annotations

import math


def wilson(successes: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval for `successes` of `n`, both ends within 0..1; 0 of 0 says nothing: (0, 1).

    z = 1.96 gives 95 %. Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), pp. 209-212.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share: successes must lie between 0 and n.")
    if n == 0:
        return (0.0, 1.0)
    share = successes / n
    shrink = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else max(0.0, centre - half)  # exact at the ends, where rounding would show
    high = 1.0 if successes == n else min(1.0, centre + half)
    return (low, high)
