from evenfield.lettering import width


def test_chinese_letters_take_two_places():
    assert width("Acme") == 4
    assert width("海尔") == 4
    assert width("海尔 AG") == 7
