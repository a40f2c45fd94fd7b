"""What people call the columns of an order file, in seven languages and the exports of common shops."""

from __future__ import annotations

import re
import unicodedata

ROLE_NAMES: dict[str, tuple[str, ...]] = {
    "customer": (
        "customer id", "customerid", "customer no", "customer nr", "customer number", "customer key",
        "customer code", "cust id", "custid", "client id", "clientid", "user id", "userid", "buyer id",
        "member id", "account id", "shopper id", "household id", "household key", "visitor id", "person id",
        "patron id", "loyalty id", "customer unique id", "kunden id", "kundennummer", "kunden nr", "kundennr",
        "kundenid", "kd nr", "id client", "numero client", "no client", "code client", "num client",
        "id cliente", "cliente id", "codigo cliente", "codice cliente", "numero cliente", "klant id", "klantid",
        "klantnummer", "klantnr", "customer", "client", "user", "buyer", "member", "household", "shopper",
        "kunde", "cliente", "klant", "acheteur", "comprador", "card number", "loyalty card", "card id",
    ),
    "time": (
        "order date", "orderdate", "invoice date", "invoicedate", "invoice ts", "transaction date",
        "transaction timestamp", "transaction time", "transaction datetime", "purchase date",
        "purchase timestamp", "purchase time", "order timestamp", "order purchase timestamp", "order time",
        "order datetime", "order created at", "purchased at", "ordered at", "sold at", "sale date",
        "sales date", "sale time", "date of purchase", "date of order", "receipt date", "event time",
        "created at", "date created", "created", "date", "datetime", "timestamp", "time", "ts", "bestelldatum",
        "rechnungsdatum", "kaufdatum", "auftragsdatum", "belegdatum", "buchungsdatum", "datum", "date commande",
        "date de commande", "date achat", "date d achat", "date facture", "date vente", "fecha", "fecha compra",
        "fecha de compra", "fecha pedido", "fecha factura", "fecha venta", "data", "data ordine",
        "data acquisto", "data fattura", "data vendita", "besteldatum", "orderdatum", "aankoopdatum",
        "factuurdatum", "data compra", "data da compra", "data pedido", "data do pedido", "data venda",
        "order placed at", "placed at",
    ),
    "amount": (
        "amount", "line total", "line amount", "linetotal", "sales value", "sales amount", "salesamount",
        "net amount", "gross amount", "total amount", "totalamount", "transaction amount", "order amount",
        "order value", "order total", "ordertotal", "grand total", "total price", "total paid", "price paid",
        "amount paid", "item total", "row total", "line item total", "total", "subtotal", "revenue",
        "net revenue", "gross revenue", "turnover", "spend", "spent", "sales", "net sales", "gross sales",
        "value", "purchase amount", "purchase value", "payment value", "betrag", "gesamtbetrag",
        "rechnungsbetrag", "umsatz", "summe", "gesamtpreis", "gesamt", "bruttobetrag", "nettobetrag", "montant",
        "montant total", "montant ttc", "montant ht", "total ttc", "total ht", "chiffre d affaires", "importe",
        "importe total", "monto", "monto total", "importo", "importo totale", "totale", "bedrag",
        "totaalbedrag", "totaal", "omzet", "valor", "valor total", "valor pago", "monetary value", "money",
        "order total amount", "gesamtsumme", "endbetrag", "endsumme", "zahlbetrag", "zu zahlen", "to pay", "amount due",
        "montant paye", "net a payer", "importe pagado", "total a pagar", "importo pagato", "da pagare", "te betalen",
        "a pagar",
    ),
    "quantity": (
        "quantity", "qty", "units", "quantity ordered", "qty ordered", "item quantity", "item qty",
        "lineitem quantity", "order quantity", "units sold", "pieces", "menge", "anzahl", "stuckzahl",
        "stueckzahl", "quantite", "qte", "cantidad", "cant", "unidades", "quantita", "qta", "aantal",
        "hoeveelheid", "quantidade", "qtd", "qtde",
    ),
    "unit_price": (
        "unit price", "unitprice", "price", "item price", "price each", "lineitem price", "price per unit",
        "item cost", "sale price", "selling price", "product price", "einzelpreis", "stuckpreis", "stueckpreis",
        "preis", "verkaufspreis", "prix unitaire", "prix", "prix de vente", "precio", "precio unitario",
        "prezzo", "prezzo unitario", "prijs", "stukprijs", "eenheidsprijs", "preco", "preco unitario",
    ),
    "order": (
        "order id", "orderid", "order no", "order nr", "order number", "ordernumber", "invoice no", "invoiceno",
        "invoice id", "invoice number", "invoice", "transaction id", "transaction no", "transaction number",
        "basket id", "receipt id", "receipt no", "receipt number", "increment id", "order name", "sale id",
        "sales id", "purchase id", "ticket id", "ticket no", "order", "receipt", "basket", "transaction",
        "bestellnummer", "bestell nr", "auftragsnummer", "auftrags nr", "rechnungsnummer", "rechnungsnr",
        "bestellnr", "auftragsnr", "belegnr", "rechnungs nr",
        "belegnummer", "beleg nr", "bestellung", "bon nr", "id commande", "numero commande",
        "numero de commande", "no commande", "commande", "numero facture", "facture", "id pedido",
        "numero pedido", "numero de pedido", "numero do pedido", "pedido", "numero factura", "factura",
        "id ordine", "numero ordine", "ordine", "numero fattura", "fattura", "bestelnummer", "bestelling",
        "ordernummer", "factuurnummer", "factuur", "fatura",
        "transaktions id", "transaktionsnummer", "transaktionsnr", "beleg", "bon", "bonnummer", "bonnr", "kassenbon",
        "id transaction", "numero transaction", "id transaccion", "id transazione", "transactienummer", "bonnetje",
        "id transacao", "ticket", "docnum", "doc no",
    ),
    "product": (
        "stock code", "stockcode", "product id", "productid", "product code", "product no", "sku", "item id",
        "item code", "item no", "item number", "article id", "article no", "article number", "lineitem sku",
        "item sku", "upc", "ean", "gtin", "asin", "variant id", "variant sku", "product name", "product",
        "item name", "item", "article", "lineitem name", "artikelnummer", "artikelnr", "artikel nr", "artikel",
        "produktnummer", "produkt", "code article", "reference article", "produit", "codigo producto",
        "producto", "codigo articulo", "articulo", "codice prodotto", "prodotto", "codice articolo", "articolo",
        "artikelcode", "codigo produto", "produto", "description", "beschreibung", "bezeichnung", "descripcion",
    ),
    "category": (
        "category", "product category", "category name", "category id", "product type", "department",
        "product group", "item category", "kategorie", "warengruppe", "produktgruppe", "categorie",
        "categorie produit", "rayon", "categoria", "categoria producto", "reparto", "productgroep",
        "departamento",
    ),
    "refund": (
        "refund", "is refund", "refund flag", "refunded", "is return", "return", "returned", "return flag",
        "is returned", "credit note", "is credit", "storno", "retoure", "remboursement", "devolucion", "reso",
        "retour", "devolucao", "transaction type", "order type", "type", "document type",
    ),
    "currency": (
        "currency", "currency code", "order currency", "wahrung", "waehrung", "devise", "moneda", "divisa",
        "valuta", "moeda",
    ),
    "known_at": ("known at",),
    "country": (
        "country", "order country", "customer country", "shipping country", "ship country", "ship to country",
        "delivery country", "billing country", "bill to country", "country code", "country name", "country region",
        "shipping address country", "billing address country", "shipping country code", "billing country code",
        "land", "lieferland", "kundenland", "rechnungsland", "landercode", "laendercode", "pays",
        "pays de livraison", "pays livraison", "pais", "pais de envio", "pais envio", "paese",
        "paese di spedizione", "bezorgland", "leveringsland", "klantland", "pais de entrega", "pais entrega",
    ),
    "channel": (
        "channel", "sales channel", "order channel", "channel name", "purchase channel", "marketing channel",
        "acquisition channel", "distribution channel", "shop channel", "source name", "order source", "source channel",
        "utm source", "traffic source", "verkaufskanal", "vertriebskanal", "bestellkanal", "kanal", "canal",
        "canal de vente", "canal vente", "canal de venta", "canal venta", "canale", "canale di vendita",
        "canale vendita", "verkoopkanaal", "bestelkanaal", "kanaal", "canal de venda", "canal venda",
    ),
    "discount": (
        "discount", "line discount", "lineitem discount", "line item discount", "item discount", "discount amount",
        "discount value", "discount total", "total discount", "order discount", "discount applied", "discount given",
        "discount percent", "discount percentage", "discount pct", "discount rate", "percent discount", "disc",
        "disc amount", "disc percent", "disc pct", "retail disc", "markdown", "rabatt", "rabattbetrag", "nachlass",
        "preisnachlass", "rabatt prozent", "remise", "montant remise", "remise montant", "taux remise", "rabais",
        "reduction", "descuento", "importe descuento", "sconto", "importo sconto", "korting", "kortingsbedrag",
        "desconto", "valor desconto", "valor do desconto",
    ),
    "refunded": (
        "refunded amount", "amount refunded", "refund amount", "total refunded", "refund total", "refunded total",
        "refund value", "refunded", "total refunds", "returned amount", "amount returned", "partial refunds",
        "erstatteter betrag", "erstattungsbetrag", "ruckerstattung", "montant rembourse", "importe reembolsado",
        "importo rimborsato", "terugbetaald bedrag", "valor reembolsado",
    ),
    "refunded_at": (
        "refunded at", "refund date", "date refunded", "refund created at", "refunded on", "returned at",
        "return date", "erstattet am", "erstattungsdatum", "date remboursement", "fecha reembolso", "data rimborso",
        "terugbetaald op",
    ),
    "cancelled_at": (
        "cancelled at", "canceled at", "cancellation date", "cancelled on", "canceled on", "cancel date",
        "date cancelled", "date canceled", "cancelled date", "canceled date", "voided at", "storniert am",
        "stornodatum", "annule le", "date annulation", "fecha cancelacion", "data annullamento", "geannuleerd op",
        "data cancelamento",
    ),
}  # fmt: skip
WEAK_NAMES: dict[str, tuple[str, ...]] = {
    "customer": (
        "email", "e mail", "customer email", "billing email", "email address", "buyer email", "customer e mail",
        "phone", "customer name", "billing name", "full name", "kundenname", "nom client", "nombre cliente",
        "nome cliente",
    ),
    "time": (
        "paid at", "date paid", "paid date", "payment date", "processed at", "completed date", "day", "tag",
        "jour", "dia", "giorno", "dag", "delivered at", "ship date", "shipped at",
    ),
    "amount": (
        "payment", "paid", "cost", "paye", "pagado", "pagato", "betaald", "pago", "gross", "net", "brutto", "netto",
    ),
    "quantity": ("count", "items", "number of items", "n items", "number"),
    "unit_price": ("list price", "retail price", "base price", "original price"),
    "order": ("name", "document no", "document number", "reference", "session id", "num"),
}  # fmt: skip
NEVER: dict[str, str] = {
    "customer": "since type group segment age country city note notes count order orders language service",
    "time": (
        "refunded refund returned erstattet rembourse reembolso rimborso terugbetaald "
        "birth birthday birthdate dob geburtsdatum delivery delivered shipping shipped ship updated modified due "
        "cancelled canceled closed expiry signup registration last first week fulfilled zone timezone taken limit"
    ),
    "amount": (
        "discount disc rabatt remise descuento sconto korting desconto tax taxes vat mwst ust tva iva btw "
        "shipping versand frais envio spedizione coupon voucher margin profit fee fees tip week weight store shop "
        "count qty quantity points refunded refund outstanding balance unit id number no duties rate percent pct "
        "match currency method type status freight tracking versandkosten frachtkosten mehrwertsteuer umsatzsteuer "
        "steuerbetrag rabattbetrag trinkgeld gebuhr gebuhren verzendkosten spese livraison phone telefon"
    ),
    "quantity": "price id stock refunded discount min max total unit type code",
    "unit_price": "discount disc tax taxes vat mwst shipping total compare coupon cost currency type id qty quantity",
    "order": (
        "date time total amount value status type count quantity qty currency customer line item product note "
        "notes email price channel source timestamp ts method city country datum purchase state first last"
    ),
    "product": "price quantity qty category type group weight total discount count cost amount tax order line date",
    "category": "",
    "refund": "amount date reason total value id payment shipping",
    "currency": "rate amount",
    "known_at": "",
    "country": "",
    "channel": "",
    "discount": "",
    "refunded": "date at by reason currency id status converted",
    "refunded_at": "amount reason total",
    "cancelled_at": "by reason",
}
CODES = tuple(
    "USD EUR GBP CHF CAD AUD NZD JPY CNY INR KRW HKD SGD SEK NOK DKK PLN CZK HUF RON BRL MXN ZAR".split()  # noqa: SIM905
)
"""ISO 4217 codes of common currencies that are no words of a language people name columns in."""
CURRENCIES = {code.lower() for code in CODES} | {"euro", "euros", "dollar", "dollars", "pounds"}


def plain_name(name: str) -> str:
    """A column's name as lower-case words: no accents, no punctuation, no currency.

    >>> [plain_name(n) for n in ("CustomerID", "unit_price_gbp", "Número de pedido", "Total (EUR)", "APagar")]
    ['customer id', 'unit price', 'numero de pedido', 'total', 'a pagar']
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z][A-Z])(?=[A-Z][a-z])|(?<=\b[A-Z])(?=[A-Z][a-z]{2})", " ", name)
    plain = "".join(c for c in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(c)).lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("°", " ").replace("#", " no "))
    kept = [w for w in words if w not in CURRENCIES] or words
    return " ".join(kept)


def name_score(role: str, name: str) -> float:
    """0 to 1: how much a column's name speaks for a role; 1 for a name that means nothing else."""
    plain = plain_name(name)
    words = plain.split()
    strong, weak = ROLE_NAMES[role], WEAK_NAMES.get(role, ())
    if plain in strong:
        return 1.0 - 0.002 * strong.index(plain)
    if plain in weak:
        return 0.6 - 0.01 * weak.index(plain)
    if set(NEVER[role].split()) & set(words):
        return 0.0
    padded = f" {plain} "
    inside = [known for known in strong if f" {known} " in padded]
    if inside:
        return 0.75 if max(len(known.split()) for known in inside) > 1 else 0.65
    return 0.45 if any(f" {known} " in padded for known in weak) else 0.0


def currency_in(name: str) -> str:
    """The currency in a column's name, as an ISO code; empty where there is none, or more than one.

    >>> [currency_in(name) for name in ("unit_price_gbp", "amountUSD", "total (EUR)", "amount", "usd_eur_amount")]
    ['GBP', 'USD', 'EUR', '', '']
    """
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    found = {word.upper() for word in re.findall(r"[A-Za-z]+", apart)} & set(CODES)
    return found.pop() if len(found) == 1 else ""
