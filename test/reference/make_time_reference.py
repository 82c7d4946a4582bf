"""Times of Python's zoneinfo and datetime for src/core/data/zones.test.ts and time-text.test.ts.

/usr/bin/python3 test/reference/make_time_reference.py > test/reference/times.json
"""

import json
import random
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

random.seed(123)
UTC = timezone.utc
ZONES = [
    "Asia/Tokyo", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin", "Europe/London",
    "America/New_York", "America/St_Johns", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca",
    "Pacific/Apia",
]
EPOCH = datetime(1970, 1, 1)


def minutes(delta):
    return round(delta.total_seconds() / 60)


def local_ms(naive):
    return round((naive - EPOCH).total_seconds() * 1000)


def transitions(zone, year):
    """Quarters of an hour at which the offset changes."""
    at = datetime(year, 1, 1, tzinfo=UTC)
    last = at.astimezone(zone).utcoffset()
    found = []
    for _ in range(366 * 96):
        at += timedelta(minutes=15)
        offset = at.astimezone(zone).utcoffset()
        if offset != last:
            found.append(at)
        last = offset
    return found


def zone_rows(name):
    zone = ZoneInfo(name)
    moments = [datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(60 * 24 * 365 * 24)) for _ in range(40)]
    for change in transitions(zone, 2011) + transitions(zone, 2012):
        moments += [change + timedelta(minutes=step) for step in (-75, -15, -1, 0, 1, 45, 75)]
    rows = []
    for moment in moments:
        offset = minutes(moment.astimezone(zone).utcoffset())
        naive = moment.replace(tzinfo=None) + timedelta(minutes=offset)
        local = minutes(naive.replace(tzinfo=zone, fold=0).utcoffset())
        rows.append([local_ms(moment.replace(tzinfo=None)), offset, local_ms(naive), local])
    return rows


def gap_rows():
    """Clock readings that never were, read with the offset before the gap."""
    rows = []
    for name, naive in [
        ("America/New_York", datetime(2012, 3, 11, 2, 30)),
        ("Europe/Berlin", datetime(2012, 3, 25, 2, 0)),
        ("Pacific/Apia", datetime(2011, 12, 30, 12, 0)),
    ]:
        rows.append([name, local_ms(naive), minutes(naive.replace(tzinfo=ZoneInfo(name), fold=0).utcoffset())])
    return rows


FORMS = [
    "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%dT%H%M%S%z",
    "%Y%m%d%H%M%S", "%a %b %d %H:%M:%S %z %Y", "%d %b %Y %H:%M:%S", "%d-%b-%Y %I:%M:%S %p", "%B %d, %Y %I:%M %p",
    "%m/%d/%Y %I:%M %p", "%m/%d/%y %H:%M:%S", "%A, %d %B %Y %H:%M",
]
DAY_FIRST = ["%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d-%m-%y %I:%M %p"]


def text_rows():
    rows = []
    for form in FORMS + DAY_FIRST + ["rfc"]:
        for _ in range(20):
            zone = timezone(timedelta(minutes=random.choice([0, 540, -300, 330])))
            moment = datetime(1990, 1, 1, tzinfo=zone) + timedelta(seconds=random.randrange(40 * 365 * 86400))
            text = format_datetime(moment) if form == "rfc" else moment.strftime(form)
            has_zone = form == "rfc" or "%z" in form
            back = moment if form == "rfc" else datetime.strptime(text, form)
            offset = minutes(back.utcoffset()) if has_zone else None
            order = "day-first" if form in DAY_FIRST else "month-first"
            rows.append([text, order, local_ms(back.replace(tzinfo=None)), offset])
    return rows


zones = ",\n".join(f"{json.dumps(name)}: {json.dumps(zone_rows(name))}" for name in ZONES)
print('{"zones": {' + zones + '},\n"gaps": ' + json.dumps(gap_rows()) + ',\n"texts": ' + json.dumps(text_rows()) + "}")
