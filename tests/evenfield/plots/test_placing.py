import numpy as np

from evenfield.plots.placing import place


def boxes(centers, widths, height):
    return [
        (x - w / 2, x + w / 2, y - height / 2, y + height / 2)
        for (x, y), w in zip(centers, widths, strict=True)
    ]


def overlap(a, b):
    return min(a[1], b[1]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[2], b[2])


def test_a_lone_point_has_its_label_at_the_right():
    assert place(np.array([0.0]), np.array([0.0]), [40], 10, 5).tolist() == [[25, 0]]


def test_labels_of_crowded_points_do_not_cover_each_other():
    x, y = np.array([0.0, 12.0, 6.0, 20.0]), np.array([0.0, 3.0, 12.0, 10.0])
    widths = [60, 60, 60, 60]
    placed = boxes(place(x, y, widths, 14, 6), widths, 14)
    assert not any(overlap(placed[i], placed[j]) for i in range(4) for j in range(i))


def test_a_label_keeps_off_the_dots_where_it_can():
    dots = np.column_stack([np.linspace(5, 60, 30), np.zeros(30)])
    ((x, _),) = place(np.array([0.0]), np.array([0.0]), [40], 10, 5, dots)
    assert x < 0


def test_a_label_stays_on_the_page():
    ((x, _),) = place(np.array([90.0]), np.array([0.0]), [40], 10, 5, frame=(0, 100, -50, 50))
    assert x + 20 <= 100
