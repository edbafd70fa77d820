from evenfield.plots import draw_quotas


def test_a_bar_is_a_rep_and_its_pieces_are_quarters(done):
    quota = done.plans["plan"].quota
    figure = draw_quotas(quota, {"west": "Ann", "east": "Bo"})
    bars = {trace.name: list(trace.x) for trace in figure.data if trace.type == "bar"}
    assert bars == {quarter: quota[quarter].to_list() for quarter in quota}
    assert list(figure.layout.yaxis.ticktext) == ["Ann", "Bo"]
    (totals,) = [trace for trace in figure.data if trace.type == "scatter"]
    assert list(totals.x) == quota.sum(axis=1).to_list()
