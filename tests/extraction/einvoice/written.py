"""Business terms, and writers of each syntax that know nothing of the tables that read them back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from xml.sax.saxutils import escape

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Company:
    name: str
    country: str
    vat: str
    street: str
    city: str
    zip_code: str


@dataclass(frozen=True)
class Row:
    text: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.price).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Terms:
    number: str
    date: dt.date
    due: dt.date
    currency: str
    seller: Company
    buyer: Company
    rows: tuple[Row, ...]
    iban: str
    order: str

    @property
    def taxes(self) -> dict[Decimal, tuple[Decimal, Decimal]]:
        nets: dict[Decimal, Decimal] = {}
        for row in self.rows:
            nets[row.rate] = nets.get(row.rate, Decimal(0)) + row.amount
        return {rate: (net, (net * rate / 100).quantize(CENT, ROUND_HALF_UP)) for rate, net in nets.items()}

    @property
    def net(self) -> Decimal:
        return sum((net for net, _ in self.taxes.values()), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((tax for _, tax in self.taxes.values()), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


def _e(text: object) -> str:
    return escape(str(text))


def write_fatturapa(terms: Terms) -> bytes:
    def party(company: Company, *, seller: bool) -> str:
        regime = "<RegimeFiscale>RF01</RegimeFiscale>" if seller else ""
        return (
            f"<DatiAnagrafici><IdFiscaleIVA><IdPaese>{company.country}</IdPaese>"
            f"<IdCodice>{company.vat.removeprefix(company.country)}</IdCodice></IdFiscaleIVA>"
            f"<Anagrafica><Denominazione>{_e(company.name)}</Denominazione></Anagrafica>{regime}</DatiAnagrafici>"
            f"<Sede><Indirizzo>{_e(company.street)}</Indirizzo><CAP>{company.zip_code}</CAP>"
            f"<Comune>{_e(company.city)}</Comune><Nazione>{company.country}</Nazione></Sede>"
        )

    lines = "".join(
        f"<DettaglioLinee><NumeroLinea>{i}</NumeroLinea><Descrizione>{_e(row.text)}</Descrizione>"
        f"<Quantita>{row.quantity}</Quantita><UnitaMisura>{row.unit}</UnitaMisura>"
        f"<PrezzoUnitario>{row.price}</PrezzoUnitario><PrezzoTotale>{row.amount}</PrezzoTotale>"
        f"<AliquotaIVA>{row.rate}</AliquotaIVA></DettaglioLinee>"
        for i, row in enumerate(terms.rows, 1)
    )
    taxes = "".join(
        f"<DatiRiepilogo><AliquotaIVA>{rate}</AliquotaIVA><ImponibileImporto>{net}</ImponibileImporto>"
        f"<Imposta>{tax}</Imposta></DatiRiepilogo>"
        for rate, (net, tax) in terms.taxes.items()
    )
    return (
        '<p:FatturaElettronica versione="FPR12" xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2">'
        "<FatturaElettronicaHeader><DatiTrasmissione><IdTrasmittente><IdPaese>IT</IdPaese><IdCodice>1</IdCodice>"
        "</IdTrasmittente><ProgressivoInvio>1</ProgressivoInvio><FormatoTrasmissione>FPR12</FormatoTrasmissione>"
        "<CodiceDestinatario>0000000</CodiceDestinatario></DatiTrasmissione>"
        f"<CedentePrestatore>{party(terms.seller, seller=True)}</CedentePrestatore>"
        f"<CessionarioCommittente>{party(terms.buyer, seller=False)}</CessionarioCommittente>"
        "</FatturaElettronicaHeader><FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento>"
        f"<TipoDocumento>TD01</TipoDocumento><Divisa>{terms.currency}</Divisa><Data>{terms.date}</Data>"
        f"<Numero>{_e(terms.number)}</Numero><ImportoTotaleDocumento>{terms.total}</ImportoTotaleDocumento>"
        "</DatiGeneraliDocumento>"
        f"<DatiOrdineAcquisto><IdDocumento>{_e(terms.order)}</IdDocumento></DatiOrdineAcquisto></DatiGenerali>"
        f"<DatiBeniServizi>{lines}{taxes}</DatiBeniServizi>"
        "<DatiPagamento><CondizioniPagamento>TP02</CondizioniPagamento><DettaglioPagamento>"
        f"<ModalitaPagamento>MP05</ModalitaPagamento><DataScadenzaPagamento>{terms.due}</DataScadenzaPagamento>"
        f"<ImportoPagamento>{terms.total}</ImportoPagamento><IBAN>{terms.iban}</IBAN></DettaglioPagamento>"
        "</DatiPagamento></FatturaElettronicaBody></p:FatturaElettronica>"
    ).encode()


def _category(rate: Decimal) -> str:
    return "S" if rate else "Z"


def write_ubl(terms: Terms) -> bytes:
    def scheme(rate: Decimal, name: str) -> str:
        return (
            f"<cac:{name}><cbc:ID>{_category(rate)}</cbc:ID><cbc:Percent>{rate}</cbc:Percent>"
            f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{name}>"
        )

    def party(company: Company) -> str:
        return (
            f"<cac:Party><cac:PostalAddress><cbc:StreetName>{_e(company.street)}</cbc:StreetName>"
            f"<cbc:CityName>{_e(company.city)}</cbc:CityName><cbc:PostalZone>{company.zip_code}</cbc:PostalZone>"
            f"<cac:Country><cbc:IdentificationCode>{company.country}</cbc:IdentificationCode></cac:Country>"
            f"</cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>{company.vat}</cbc:CompanyID>"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
            f"<cac:PartyLegalEntity><cbc:RegistrationName>{_e(company.name)}</cbc:RegistrationName>"
            "</cac:PartyLegalEntity></cac:Party>"
        )

    def money(name: str, value: Decimal) -> str:
        return f'<cbc:{name} currencyID="{terms.currency}">{value}</cbc:{name}>'

    subtotals = "".join(
        f"<cac:TaxSubtotal>{money('TaxableAmount', net)}{money('TaxAmount', tax)}{scheme(rate, 'TaxCategory')}"
        "</cac:TaxSubtotal>"
        for rate, (net, tax) in terms.taxes.items()
    )
    lines = "".join(
        f'<cac:InvoiceLine><cbc:ID>{i}</cbc:ID><cbc:InvoicedQuantity unitCode="{row.unit}">{row.quantity}'
        f"</cbc:InvoicedQuantity>{money('LineExtensionAmount', row.amount)}"
        f"<cac:Item><cbc:Name>{_e(row.text)}</cbc:Name>{scheme(row.rate, 'ClassifiedTaxCategory')}</cac:Item>"
        f"<cac:Price>{money('PriceAmount', row.price)}</cac:Price></cac:InvoiceLine>"
        for i, row in enumerate(terms.rows, 1)
    )
    return (
        '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
        ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
        ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
        f"<cbc:ID>{_e(terms.number)}</cbc:ID><cbc:IssueDate>{terms.date}</cbc:IssueDate>"
        f"<cbc:DueDate>{terms.due}</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
        f"<cbc:DocumentCurrencyCode>{terms.currency}</cbc:DocumentCurrencyCode>"
        f"<cac:OrderReference><cbc:ID>{_e(terms.order)}</cbc:ID></cac:OrderReference>"
        f"<cac:AccountingSupplierParty>{party(terms.seller)}</cac:AccountingSupplierParty>"
        f"<cac:AccountingCustomerParty>{party(terms.buyer)}</cac:AccountingCustomerParty>"
        "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>"
        f"<cbc:ID>{terms.iban}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
        f"<cac:TaxTotal>{money('TaxAmount', terms.tax)}{subtotals}</cac:TaxTotal><cac:LegalMonetaryTotal>"
        f"{money('LineExtensionAmount', terms.net)}{money('TaxExclusiveAmount', terms.net)}"
        f"{money('TaxInclusiveAmount', terms.total)}{money('PayableAmount', terms.total)}"
        f"</cac:LegalMonetaryTotal>{lines}</Invoice>"
    ).encode()


def write_cii(terms: Terms) -> bytes:
    def day(name: str, date: dt.date) -> str:
        return f'<ram:{name}><udt:DateTimeString format="102">{date:%Y%m%d}</udt:DateTimeString></ram:{name}>'

    def party(name: str, company: Company) -> str:
        return (
            f"<ram:{name}><ram:Name>{_e(company.name)}</ram:Name><ram:PostalTradeAddress>"
            f"<ram:PostcodeCode>{company.zip_code}</ram:PostcodeCode><ram:LineOne>{_e(company.street)}</ram:LineOne>"
            f"<ram:CityName>{_e(company.city)}</ram:CityName><ram:CountryID>{company.country}</ram:CountryID>"
            f'</ram:PostalTradeAddress><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{company.vat}</ram:ID>'
            f"</ram:SpecifiedTaxRegistration></ram:{name}>"
        )

    taxes = "".join(
        f"<ram:ApplicableTradeTax><ram:CalculatedAmount>{tax}</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>"
        f"<ram:BasisAmount>{net}</ram:BasisAmount><ram:CategoryCode>{_category(rate)}</ram:CategoryCode>"
        f"<ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
        for rate, (net, tax) in terms.taxes.items()
    )
    lines = "".join(
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>"
        f"<ram:LineID>{i}</ram:LineID></ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct><ram:Name>{_e(row.text)}</ram:Name></ram:SpecifiedTradeProduct>"
        "<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>"
        f"<ram:ChargeAmount>{row.price}</ram:ChargeAmount></ram:NetPriceProductTradePrice>"
        "</ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery>"
        f'<ram:BilledQuantity unitCode="{row.unit}">{row.quantity}</ram:BilledQuantity>'
        "</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>"
        f"<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>{_category(row.rate)}</ram:CategoryCode>"
        f"<ram:RateApplicablePercent>{row.rate}</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
        f"<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{row.amount}</ram:LineTotalAmount>"
        "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
        "</ram:IncludedSupplyChainTradeLineItem>"
        for i, row in enumerate(terms.rows, 1)
    )
    return (
        '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
        ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"'
        ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">'
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>"
        "<ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>"
        "</rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument><ram:ID>{_e(terms.number)}</ram:ID><ram:TypeCode>380</ram:TypeCode>"
        f"{day('IssueDateTime', terms.date)}</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>{lines}"
        f"<ram:ApplicableHeaderTradeAgreement>{party('SellerTradeParty', terms.seller)}"
        f"{party('BuyerTradeParty', terms.buyer)}<ram:BuyerOrderReferencedDocument>"
        f"<ram:IssuerAssignedID>{_e(terms.order)}</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>"
        "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>"
        f"<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{terms.currency}</ram:InvoiceCurrencyCode>"
        "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode>"
        f"<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{terms.iban}</ram:IBANID>"
        "</ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>"
        f"{taxes}<ram:SpecifiedTradePaymentTerms>{day('DueDateDateTime', terms.due)}</ram:SpecifiedTradePaymentTerms>"
        f"<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>{terms.net}</ram:LineTotalAmount>"
        f"<ram:TaxBasisTotalAmount>{terms.net}</ram:TaxBasisTotalAmount>"
        f'<ram:TaxTotalAmount currencyID="{terms.currency}">{terms.tax}</ram:TaxTotalAmount>'
        f"<ram:GrandTotalAmount>{terms.total}</ram:GrandTotalAmount><ram:DuePayableAmount>{terms.total}"
        "</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        "</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


_COLUMNS = {"23": "1", "8": "2", "5": "3"}


def write_ksef(terms: Terms) -> bytes:
    """Only rates 23, 8, 5 and 0 have a place in it."""

    def party(name: str, company: Company) -> str:
        number = (
            f"<NIP>{company.vat[2:]}</NIP>"
            if company.country == "PL"
            else f"<KodUE>{company.country}</KodUE><NrVatUE>{company.vat[2:]}</NrVatUE>"
        )
        return (
            f"<{name}><DaneIdentyfikacyjne>{number}<Nazwa>{_e(company.name)}</Nazwa></DaneIdentyfikacyjne>"
            f"<Adres><KodKraju>{company.country}</KodKraju><AdresL1>{_e(company.street)}</AdresL1></Adres></{name}>"
        )

    sums = "".join(
        f"<P_13_{_COLUMNS[str(rate)]}>{net}</P_13_{_COLUMNS[str(rate)]}>"
        f"<P_14_{_COLUMNS[str(rate)]}>{tax}</P_14_{_COLUMNS[str(rate)]}>"
        if rate
        else f"<P_13_6_1>{net}</P_13_6_1>"
        for rate, (net, tax) in terms.taxes.items()
    )
    lines = "".join(
        f"<FaWiersz><NrWierszaFa>{i}</NrWierszaFa><P_7>{_e(row.text)}</P_7><P_8A>{row.unit}</P_8A>"
        f"<P_8B>{row.quantity}</P_8B><P_9A>{row.price}</P_9A><P_11>{row.amount}</P_11>"
        f"<P_12>{row.rate or '0 KR'}</P_12></FaWiersz>"
        for i, row in enumerate(terms.rows, 1)
    )
    return (
        '<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">'
        f"{party('Podmiot1', terms.seller)}{party('Podmiot2', terms.buyer)}"
        f"<Fa><KodWaluty>{terms.currency}</KodWaluty><P_1>{terms.date}</P_1><P_2>{_e(terms.number)}</P_2>{sums}"
        f"<P_15>{terms.total}</P_15><RodzajFaktury>VAT</RodzajFaktury>{lines}"
        f"<Platnosc><TerminPlatnosci><Termin>{terms.due}</Termin></TerminPlatnosci>"
        f"<FormaPlatnosci>6</FormaPlatnosci><RachunekBankowy><NrRB>{terms.iban}</NrRB></RachunekBankowy></Platnosc>"
        f"<WarunkiTransakcji><Zamowienia><NrZamowienia>{_e(terms.order)}</NrZamowienia></Zamowienia>"
        "</WarunkiTransakcji></Fa></Faktura>"
    ).encode()


def write_facturae(terms: Terms) -> bytes:
    def party(name: str, company: Company) -> str:
        return (
            f"<{name}><TaxIdentification><TaxIdentificationNumber>{company.vat}</TaxIdentificationNumber>"
            f"</TaxIdentification><LegalEntity><CorporateName>{_e(company.name)}</CorporateName><AddressInSpain>"
            f"<Address>{_e(company.street)}</Address><PostCode>{company.zip_code}</PostCode>"
            f"<Town>{_e(company.city)}</Town><CountryCode>{company.country}</CountryCode></AddressInSpain>"
            f"</LegalEntity></{name}>"
        )

    def tax(rate: Decimal, net: Decimal, amount: Decimal) -> str:
        return (
            f"<Tax><TaxTypeCode>01</TaxTypeCode><TaxRate>{rate}</TaxRate><TaxableBase><TotalAmount>{net}"
            f"</TotalAmount></TaxableBase><TaxAmount><TotalAmount>{amount}</TotalAmount></TaxAmount></Tax>"
        )

    taxes = "".join(tax(rate, net, amount) for rate, (net, amount) in terms.taxes.items())
    lines = "".join(
        f"<InvoiceLine><SequenceNumber>{i}</SequenceNumber><ItemDescription>{_e(row.text)}</ItemDescription>"
        f"<Quantity>{row.quantity}</Quantity><UnitOfMeasure>{row.unit}</UnitOfMeasure>"
        f"<UnitPriceWithoutTax>{row.price}</UnitPriceWithoutTax><TotalCost>{row.amount}</TotalCost>"
        f"<GrossAmount>{row.amount}</GrossAmount>"
        f"<TaxesOutputs>{tax(row.rate, row.amount, Decimal(0))}</TaxesOutputs></InvoiceLine>"
        for i, row in enumerate(terms.rows, 1)
    )
    return (
        '<fe:Facturae xmlns:fe="http://www.facturae.es/Facturae/2009/v3.2/Facturae">'
        "<FileHeader><InvoiceIssuerType>EM</InvoiceIssuerType></FileHeader>"
        f"<Parties>{party('SellerParty', terms.seller)}{party('BuyerParty', terms.buyer)}</Parties>"
        f"<Invoices><Invoice><InvoiceHeader><InvoiceNumber>{_e(terms.number)}</InvoiceNumber>"
        f"<InvoiceClass>OO</InvoiceClass></InvoiceHeader><InvoiceIssueData><IssueDate>{terms.date}</IssueDate>"
        f"<InvoiceCurrencyCode>{terms.currency}</InvoiceCurrencyCode>"
        f"<ReceiverTransactionReference>{_e(terms.order)}</ReceiverTransactionReference></InvoiceIssueData>"
        f"<TaxesOutputs>{taxes}</TaxesOutputs><InvoiceTotals><TotalGrossAmount>{terms.net}</TotalGrossAmount>"
        f"<TotalGrossAmountBeforeTaxes>{terms.net}</TotalGrossAmountBeforeTaxes>"
        f"<TotalTaxOutputs>{terms.tax}</TotalTaxOutputs><TotalTaxesWithheld>0.00</TotalTaxesWithheld>"
        f"<InvoiceTotal>{terms.total}</InvoiceTotal><TotalOutstandingAmount>{terms.total}</TotalOutstandingAmount>"
        f"</InvoiceTotals><Items>{lines}</Items><PaymentDetails><Installment>"
        f"<InstallmentDueDate>{terms.due}</InstallmentDueDate><InstallmentAmount>{terms.total}</InstallmentAmount>"
        f"<PaymentMeans>04</PaymentMeans><AccountToBeCredited><IBAN>{terms.iban}</IBAN></AccountToBeCredited>"
        "</Installment></PaymentDetails></Invoice></Invoices></fe:Facturae>"
    ).encode()


WRITERS: dict[str, Callable[[Terms], bytes]] = {
    "FatturaPA": write_fatturapa,
    "UBL": write_ubl,
    "CII": write_cii,
    "KSeF": write_ksef,
    "Facturae": write_facturae,
}

SAMPLE = Terms(
    number="2026/15",
    date=dt.date(2026, 3, 2),
    due=dt.date(2026, 4, 1),
    currency="EUR",
    seller=Company("Pracownia Sosna & Syn", "PL", "PL5253448710", "Leśna 4", "Warszawa", "00-950"),
    buyer=Company("Nordlicht Energie GmbH", "DE", "DE812345673", "Hafenstraße 1", "Kiel", "24103"),
    rows=(
        Row("Stół", Decimal(2), "szt", Decimal("500.00"), Decimal(23)),
        Row("Książka <druga>", Decimal("1.5"), "szt", Decimal("20.00"), Decimal(8)),
    ),
    iban="PL61109010140000071219812874",
    order="PO-7",
)
