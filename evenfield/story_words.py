"""The words of a story, English and Chinese."""

from evenfield.phrases import Language

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "date": "{day} {month}", "month": "{month} {year}", "space": " ", "list": ", ",
        "title": "A year of {name}",
        "over": "{scenario} · {plan} · seed {seed}, replication {replication}",
        "year": "{name} booked {booked} of a quota of {quota}: {share}. {place}",
        "year without": "{name} has no quota and booked {booked}.",
        "place": "That is place {place} of {of} reps.",
        "work": "{hours} of work: {visits} made and {missed} missed, {orders} won{refused}{waiting}.",
        "refusals": ", {count} where a customer said no",
        "waited": ", {count} lost since patience ran out before there was time",
        "waiting amount": "Of those that ran out of patience, {amount} would have been bought.",
        "money": "Customers paid {paid} within the year, {share} of what was booked{debts}.",
        "debts": "; {amount} of it will never be paid", "best": "The best customers were {customers}.",
        "customer amount": "{customer} ({amount})",
        "calls": "{calls} came, {unserved} found nobody with time.",
        "empty": "The seat was empty for {days} of the year.",
        "house": "Meanwhile {lost} of these customers found nobody there; {orders} "
        "worth {amount} came in all the same, counted for the house.",
        "bookings": "{orders} for {amount}, {visits} made, {missed} missed.",
        "no bookings": "No order, {visits} made, {missed} missed.",
        "one": "One order for {amount}, {visits} made, {missed} missed.",
        "won": "{customer} ordered{line} for {amount} on {date}, {after}.",
        "took": "after {hours} hours of work in {days}",
        "long": "after {hours} hours of work on what was under way when the year began",
        "of line": " {line}", "refused": "{customer} said no{line} on {date}, {after}.",
        "ran out": "{count} ran out of patience before there was time for them; {amount} "
        "of them would have been bought.",
        "ran out one": "An opportunity of {customer} worth {amount} ran out of patience before there "
        "was time for it.",
        "ran out largest": "The largest was {customer}, {amount}.",
        "month calls": "{calls} came; {unserved} went unserved.",
        "quits": "On {date} {name} quit.", "leaves": "On {date} {name} left as planned.",
        "joins": "On {date} somebody new took the seat.", "starts": "On {date} {name} started.",
        "customer lost": "{customer} was lost for good on {date}.",
        "gained": "{customer} came from {rep} on {date}.", "given": "{customer} went to {rep} on {date}.",
        "gained many": "{count} customers came from colleagues, {customer} among them.",
        "given many": "{count} customers went to colleagues, {customer} among them.", "nobody": "nobody",
        "somebody": "the rep",
        "held": "{count} went on hold for credit, {released} released.",
        "bad debt": "{customer} will never pay {amount}.",
        "rises": "On {date} effort rose from {before} to {after}: {booked} of the quarter's quota was "
        "booked with {days} to go{why}.",
        "falls": "On {date} effort fell from {before} to {after}: {booked} of the quarter's quota was "
        "booked with {days} to go{why}.",
        "reach": ", and the quarter's bonus had come within reach",
        "slips": ", and the quarter's bonus was slipping away",
        "safe": ", and the quarter's bonus was safe",
        "closed": "{quarter} closed at {share} of quota: {booked} of {quota}; the year so far stood at "
        "{so_far}.",
        "closed without": "{quarter} closed with {booked} booked.", "picture": "The year at a glance",
        "standings": "Quarter by quarter", "deals": "Deals that mattered",
        "others": "Also in the journal", "all year": "year",
        "picture words": "Bookings step up order by order, the dashed line is the quota. The line below "
        "is effort, chosen every week.",
        "quarter": "quarter", "quota": "quota", "booked": "booked", "attained": "attained",
        "orders": "orders", "visits": "visits made", "missed": "missed", "hours": "hours",
        "out of patience": "no time", "effort": "effort", "paid": "paid", "what": "what", "when": "when",
        "customer": "customer", "line": "line", "amount": "amount", "hours of work": "hours of work",
        "days": "days", "is won": "won", "is refused": "customer said no",
        "is waiting": "nobody had time", "is lost": "customer lost", "number": "number",
        "started before": "last year", "mark won": "large order", "mark waiting": "lost: nobody had time",
        "mark refused": "lost: customer said no", "mark lost": "customer lost", "is empty": "seat empty",
        "usual effort": "effort, 100% is usual", "bookings so far": "bookings so far",
        "quota so far": "quota so far", "to line": " to {line}",
        "effort of the year": "Effort was {mean} of the usual on average, {least} in the weakest week "
        "and {most} in the strongest.",
        "paragraph": "{month}: {sentences}",
    },
    "zh": {
        "date": "{month} 月 {day} 日", "month": "{year} 年 {month} 月", "space": "", "list": "、",
        "title": "{name} 的一年",
        "over": "{scenario} · {plan} · 随机种子 {seed}，第 {replication} 次仿真",
        "year": "{name} 全年签约 {booked}，指标 {quota}，达成率 {share}。{place}",
        "year without": "{name} 没有指标，全年签约 {booked}。", "place": "在 {of} 位代表中排第 {place}。",
        "work": "全年工作 {hours} 小时：完成拜访 {visits} 次，错过 {missed} 次；赢得订单 {orders} 个"
        "{refused}{waiting}。",
        "refusals": "，客户拒绝 {count} 个", "waited": "，{count} 个商机因无人有空、客户等不及而流失",
        "waiting amount": "等不及的商机中，本可成交 {amount}。",
        "money": "客户当年回款 {paid}，占签约额的 {share}{debts}。", "debts": "；其中 {amount} 成为坏账",
        "best": "签约最多的客户：{customers}。", "customer amount": "{customer}（{amount}）",
        "calls": "收到服务请求 {calls} 次，其中 {unserved} 次无人有空处理。",
        "empty": "岗位全年空缺 {days} 天。",
        "house": "空岗期间，这些客户有 {lost} 个商机无人接待；仍有 {orders} 个订单（{amount}）自行成交，"
        "计入公司直管。",
        "bookings": "{orders} 个订单，共 {amount}；完成拜访 {visits} 次，错过 {missed} 次。",
        "no bookings": "没有订单；完成拜访 {visits} 次，错过 {missed} 次。",
        "one": "1 个订单，{amount}；完成拜访 {visits} 次，错过 {missed} 次。",
        "won": "{date}，{customer}{line}签约 {amount}，{after}。",
        "took": "历时 {days} 天、投入 {hours} 小时", "long": "年初时已在进行，年内投入 {hours} 小时",
        "of line": "（{line}）", "refused": "{date}，{customer}{line}最终拒绝，{after}。",
        "ran out": "{count} 个商机因无人有空而流失，其中本可成交 {amount}。",
        "ran out one": "{customer} 的一个商机（{amount}）因无人有空而流失。",
        "ran out largest": "最大的一个是 {customer}，{amount}。",
        "month calls": "收到服务请求 {calls} 次；{unserved} 次无人处理。",
        "quits": "{date}，{name} 离职。", "leaves": "{date}，{name} 按计划离开。",
        "joins": "{date}，新人到岗。", "starts": "{date}，{name} 到岗。",
        "customer lost": "{date}，客户 {customer} 永久流失。",
        "gained": "{date}，{customer} 由 {rep} 转来。", "given": "{date}，{customer} 转给 {rep}。",
        "gained many": "{count} 个客户由同事转来，包括 {customer}。",
        "given many": "{count} 个客户转给同事，包括 {customer}。", "nobody": "无人", "somebody": "代表",
        "held": "{count} 个订单因信用额度被暂停，{released} 个恢复。",
        "bad debt": "{customer} 的 {amount} 成为坏账。",
        "rises": "{date}，努力程度由 {before} 升至 {after}：当季指标已完成 {booked}，还剩 {days} "
        "天{why}。",
        "falls": "{date}，努力程度由 {before} 降至 {after}：当季指标已完成 {booked}，还剩 {days} "
        "天{why}。",
        "reach": "，季度奖金有望到手", "slips": "，季度奖金渐渐无望", "safe": "，季度奖金已稳拿",
        "closed": "{quarter} 结束时达成率 {share}：签约 {booked}，指标 {quota}；全年累计达成 {so_far}。",
        "closed without": "{quarter} 结束时签约 {booked}。", "picture": "一年概览", "standings": "各季度",
        "deals": "重要商机", "others": "记录中还有", "all year": "全年",
        "picture words": "阶梯线是逐单累计的签约额，虚线是累计指标；下方是每周选择的努力程度。",
        "quarter": "季度", "quota": "指标", "booked": "签约额", "attained": "达成率", "orders": "订单",
        "visits": "完成拜访", "missed": "错过", "hours": "工时", "out of patience": "无人有空",
        "effort": "努力程度", "paid": "回款", "what": "结果", "when": "日期", "customer": "客户",
        "line": "产品线", "amount": "金额", "hours of work": "投入工时", "days": "天数", "is won": "赢单",
        "is refused": "客户拒绝", "is waiting": "无人有空", "is lost": "客户流失", "number": "数量",
        "started before": "去年开始", "mark won": "大订单", "mark waiting": "流失：无人有空",
        "mark refused": "流失：客户拒绝", "mark lost": "客户流失", "is empty": "空岗",
        "usual effort": "努力程度（100% 为平常）", "bookings so far": "累计签约额",
        "quota so far": "累计指标", "to line": "（{line}）",
        "effort of the year": "努力程度平均为平常的 {mean}，最低一周 {least}，最高一周 {most}。",
        "paragraph": "{month}：{sentences}",
    },
}  # fmt: skip
"""Sentences and words by language and what they say."""

COUNTED: dict[Language, dict[str, tuple[str, str]]] = {
    "en": {
        "visits": ("visit", "visits"),
        "orders": ("order", "orders"),
        "calls": ("service call", "service calls"),
        "days": ("day", "days"),
        "hours": ("hour", "hours"),
        "opportunities": ("opportunity", "opportunities"),
    },
    "zh": {},
}
"""What one and many are called, where the language tells them apart; the words of others hold it."""
