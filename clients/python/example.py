"""Buys the cheapest article of the shop, and orders a page to be fetched every hour: KONTOR_TOKEN=kontor_pat_... python3 example.py"""
import os

from kontor import Kontor, KontorProblem, new_key

kontor = Kontor(os.environ.get("KONTOR_URL", "http://127.0.0.1:3000"), os.environ["KONTOR_TOKEN"])

print("Coins:", kontor.get("/api/coins/wallet")["available"])

cheapest = kontor.get("/api/shop/products", sort="price", inStock="true", limit=1)["products"][0]
variants = kontor.get(f"/api/shop/products/{cheapest['id']}")["variants"]
article = min((variant for variant in variants if variant["available"] > 0), key=lambda variant: variant["price"])
kontor.call("PUT", f"/api/shop/cart/lines/{article['id']}", body={"quantity": 1})
cart = kontor.get("/api/shop/cart")
order = kontor.call(
    "POST",
    "/api/shop/checkout",
    key=new_key(),
    body={
        "payment": "coins",
        "expectedTotal": cart["total"],
        "shipTo": {"name": "Ada Lovelace", "street": "Hafenstraße 1", "postcode": "20457", "city": "Hamburg", "country": "DE"},
    },
)
print("Ordered:", order["id"], "for", order["total"])
print("Orders so far:", sum(1 for _ in kontor.each("/api/shop/orders", "orders", limit=1)))

errand = kontor.call(
    "POST",
    "/api/errands/orders",
    key=new_key(),
    body={"address": os.environ.get("KONTOR_PAGE", "https://example.org/"), "schedule": {"repeat": {"kind": "interval", "seconds": 3600}, "repetitions": 3}},
)
print("Errand:", errand["id"], errand["state"])

try:
    kontor.call("POST", "/api/coins/transfers", key=new_key(), body={"to": "nobody"})
except KontorProblem as refused:
    print("Refused:", refused)
