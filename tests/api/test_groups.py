import asyncio
import threading

import pytest

from app.api.groups import LARGEST, Groups


def doing(work, *items, before=lambda: None):
    """What becomes of items that are brought at the same time; `before` is called when all are on their way."""

    async def bring():
        groups = Groups("test", work)
        tasks = [asyncio.ensure_future(groups.do(item)) for item in items]
        await asyncio.sleep(0.05)
        before()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        groups.close()
        return found

    return asyncio.run(bring())


def test_each_gets_its_own_outcome():
    assert doing(lambda items: [item * 2 for item in items], *range(5)) == [0, 2, 4, 6, 8]


def test_those_that_come_while_others_are_served_are_served_together():
    goes_on, groups = threading.Event(), []

    def work(items):
        groups.append(list(items))
        assert goes_on.wait(5)
        return items

    assert doing(work, *range(6), before=goes_on.set) == list(range(6))
    assert groups == [[0], [1, 2, 3, 4, 5]]


def test_a_group_has_a_largest_size():
    sizes = []

    def work(items):
        sizes.append(len(items))
        return items

    assert doing(work, *range(LARGEST * 2)) == list(range(LARGEST * 2))
    assert max(sizes) <= LARGEST


def test_one_that_fails_hurts_no_other():
    given = doing(lambda items: [ValueError(item) if item == 1 else item for item in items], 0, 1, 2)
    assert (given[0], str(given[1]), given[2]) == (0, "1", 2)


def test_work_that_raises_fails_for_all_of_its_group_and_the_next_is_done():
    async def bring():
        groups = Groups("test", lambda items: [1 // item for item in items])
        with pytest.raises(ZeroDivisionError):
            await groups.do(0)
        return await groups.do(1)

    assert asyncio.run(bring()) == 1


def test_one_that_has_gone_is_not_waited_for():
    goes_on = threading.Event()

    async def bring():
        groups = Groups("test", lambda items: [goes_on.wait(5), *items][1:])
        gone, other = (asyncio.ensure_future(groups.do(item)) for item in (1, 2))
        await asyncio.sleep(0.05)
        gone.cancel()
        goes_on.set()
        return await other

    assert asyncio.run(bring()) == 2
