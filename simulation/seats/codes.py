"""Numbers that the compiled kernels use for what awaits seats, what becomes of opportunities, and records."""

from simulation.accounting.journal import What

# Kinds of codes. The first three wait for work, in this order where nothing else tells them apart.
DEAL, VISIT, CALL, ARRIVES, FALLS_DUE, COMES_IN, DECIDES, LOSES_PATIENCE, GIVES_UP, BUYS, PAYS = range(11)
SIGNS, HURRIES = 11, 12

# What becomes of an opportunity.
TO_COME, WAITS, ASKS, IN_HAND, WITH_CUSTOMER, COMING, OVER = range(7)

RECORDS = 0
"""Place in `State.counts`."""

UNDER_WAY, ARISES, ARISES_UNATTENDED = int(What.UNDER_WAY), int(What.ARISES), int(What.ARISES_UNATTENDED)
WORK, PASSES, WON, LOST = int(What.WORK), int(What.PASSES), int(What.WON), int(What.LOST)
LOST_WAITING, LOST_UNATTENDED, OPEN = int(What.LOST_WAITING), int(What.LOST_UNATTENDED), int(What.OPEN)
INVOICE, PAYMENT, BAD_DEBT = int(What.INVOICE), int(What.PAYMENT), int(What.BAD_DEBT)
HOLD, RELEASE = int(What.HOLD), int(What.RELEASE)
VISITED, MISSED_VISIT, OPEN_VISIT = int(What.VISIT), int(What.MISSED_VISIT), int(What.OPEN_VISIT)
CALLED, SERVED, UNSERVED = int(What.CALL), int(What.SERVED), int(What.UNSERVED)
HELD_BACK, LOST_HELD, PULLED_IN = int(What.HELD_BACK), int(What.LOST_HELD), int(What.PULLED_IN)
DISCOUNT, LOST_PRESSED = int(What.DISCOUNT), int(What.LOST_PRESSED)
EFFORT, CUSTOMER_LOST = int(What.EFFORT), int(What.CUSTOMER_LOST)
