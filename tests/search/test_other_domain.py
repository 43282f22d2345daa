"""What a search names is found in another domain too, where only the data differ."""

import pytest

from .hits import hits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("second_domain")]

ASKED = [
    ("celery vs rq vs huey", "/comparisons/celery-vs-rq-vs-huey/"),
    ("huey or rq", "/compare/huey-vs-rq/"),
    ("redis queue vs celery", "/compare/rq-vs-celery/"),
    ("cron jobs in rq", "/frameworks/rq/periodic-tasks/"),
    ("does huey support windows", "/frameworks/huey/windows/"),
    ("rq vs celery periodic tasks", "/compare/rq-vs-celery/?criterion=periodic-tasks"),
    ("scheduler", "/criteria/periodic-tasks/"),
    ("which queue runs on windows", "/criteria/windows/"),
    ("small service", "/use-cases/use-small-service/"),
    ("celery distributed", "/frameworks/celery/use-many-machines/"),
    ("celrey", "/frameworks/celery/"),
    ("license of huey", "/frameworks/huey/licence/"),
    ("migrate from rq to celery", "/compare/rq-vs-celery/"),
    ("disagreements about rq", "/disagreements/?framework=rq"),
]


@pytest.mark.parametrize(("text", "expected"), ASKED)
def test_what_a_search_names_is_its_first_hit(text, expected):
    assert hits(text)[0] == expected
