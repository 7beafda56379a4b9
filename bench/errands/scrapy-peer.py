"""Pages a second of Scrapy, 32 at once: `scrapy-peer.py URL PAGES` prints them."""

import sys
import time

import scrapy
from scrapy.crawler import CrawlerProcess

URL, PAGES = sys.argv[1], int(sys.argv[2])


class Pages(scrapy.Spider):
    name = "pages"

    async def start(self):
        for page in range(PAGES):
            yield scrapy.Request(f"{URL}/page/{page}", dont_filter=True)

    def parse(self, response):
        pass


process = CrawlerProcess(
    {
        "LOG_ENABLED": False,
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
    }
)
process.crawl(Pages)
started = time.monotonic()
process.start()
print(PAGES / (time.monotonic() - started))
