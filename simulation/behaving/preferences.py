"""What effort costs a rep and how it weighs pay: by when it comes and by how sure it is."""

from dataclasses import dataclass

from scenarios.behavior import Effort


@dataclass(frozen=True)
class Preferences:
    """How reps weigh effort and pay; effort 1 is normal.

    Effort e for a week in which m bookings are expected at effort 1 brings m (1 + elasticity (e - 1)) and
    costs kappa (e - least)^2 / 2 in money, kappa = elasticity m b / (1 - least), so that effort is 1 where a
    unit of bookings pays the reference commission b.

    Parameters
    ----------
    elasticity
        Change of bookings per change of effort, as shares.
    least, most
        Effort without any incentive, and the largest.
    reference_commission
        Commission b, share of bookings.
    weekly_patience
        Weight of pay a week later against pay now.
    present_bias
        Further weight of all pay that comes later than a week from now (quasi-hyperbolic discounting); 1 is
        none. Reps do not see that they will think so again next week.
    foresees_bias
        They do see it.
    risk_aversion
        Constant absolute risk aversion, per target incentive of the period; 0 is none.
    """

    elasticity: float = 0.34
    least: float = 0.5
    most: float = 2.5
    reference_commission: float = 0.08
    weekly_patience: float = 0.97
    present_bias: float = 1.0
    foresees_bias: bool = False
    risk_aversion: float = 0.0

    @property
    def gain(self) -> float:
        """Effort above the least per unit of pay that a unit of bookings brings."""
        return (1 - self.least) / self.reference_commission

    def bias(self, weeks_left: float) -> float:
        """Weight the present bias leaves to pay that comes in so many weeks."""
        return self.present_bias if weeks_left > 1 + 1e-9 else 1.0


def preferences_of(effort: Effort) -> Preferences:
    """Read the settings of a scenario."""
    return Preferences(
        effort.elasticity, effort.least, effort.most, effort.reference_commission, effort.weekly_patience
    )
