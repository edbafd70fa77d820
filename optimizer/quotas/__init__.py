"""Who is asked for what: one convex model for the cube of people, product lines and periods."""

from optimizer.quotas.splitting import baseline, limits, quarter_shares, round_to_sum, split_target

__all__ = ["baseline", "limits", "quarter_shares", "round_to_sum", "split_target"]
