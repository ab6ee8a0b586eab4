"""The invented companies of the shipped examples."""

from dataclasses import replace
from random import Random
from typing import Final

from tests.generator.companies import Company, codice_fiscale, french, iban, vat_number


def _numbered(seed: str, company: Company) -> Company:
    """The company with numbers of its own, drawn from a seed."""
    rng = Random(seed)
    vat = company.vat_number or vat_number(rng, company.country)
    if company.country == "FR" and company.fiscal_code:
        vat = french(company.fiscal_code)
    code = (
        codice_fiscale(rng) if company.person else vat[2:] if company.country == "IT" else company.fiscal_code
    )
    return replace(company, vat_number=vat, fiscal_code=code, iban=iban(rng, company.country))


AURORA: Final = _numbered("aurora", Company(
    country="IT", name="Officina Digitale Aurora S.r.l.", address="Via dell'Artigianato 14", zip_code="40126", city="Bologna", province="BO",
    email="amministrazione@officina-aurora.it", phone="051 482 9130", web="www.officina-aurora.it", bic="BCITITMM", bank="Banca dei Portici", sdi_code="M5UXCR1",
))  # fmt: skip
COLLI: Final = _numbered("colli", Company(
    country="IT", name="Cantine dei Colli Soc. Agr. a r.l.", address="Strada dei Vigneti 8", zip_code="37029", city="San Pietro in Cariano", province="VR",
    email="acquisti@cantinedeicolli.it", phone="045 770 1188", sdi_code="KRRH6B9",
))  # fmt: skip
MORELLI: Final = _numbered("morelli", Company(
    country="IT", name="Ing. Teresa Morelli", address="Corso Garibaldi 77", zip_code="10122", city="Torino", province="TO", person=True,
    email="studio@teresamorelli.it", phone="011 523 4471", bic="PASCITM1", bank="Banca dei Portici",
))  # fmt: skip
FERRO: Final = _numbered("ferro", Company(
    country="IT", name="Ferro & Legno S.n.c. di Sala A. e Conti B.", address="Via Emilia Ovest 231", zip_code="43126", city="Parma", province="PR",
    email="info@ferroelegno.it", phone="0521 994 120", fax="0521 994 121", bic="BCITITMM", bank="Credito Ducale", sdi_code="T04ZHR3",
))  # fmt: skip
HANDWERK: Final = _numbered("handwerk", Company(
    country="DE", name="Malerbetrieb Ostermann GmbH", address="Lindenstraße 27", zip_code="34117", city="Kassel", fiscal_code="26/241/38207",
    email="buero@maler-ostermann.de", phone="0561 / 77 41 902", fax="0561 / 77 41 903", web="www.maler-ostermann.de", bic="HELADEF1KAS", bank="Fuldasparkasse",
))  # fmt: skip
WOHNBAU: Final = _numbered(
    "wohnbau",
    Company(
        country="DE",
        name="Wohnbau Karlsaue eG",
        address="Frankfurter Straße 101",
        zip_code="34121",
        city="Kassel",
    ),
)
ATELIER: Final = _numbered("atelier", Company(
    country="FR", name="Menuiserie Le Guellec SARL", address="12 rue des Charpentiers", zip_code="44000", city="Nantes", fiscal_code="812345676",
    email="contact@menuiserie-leguellec.fr", phone="02 40 71 55 10", web="www.menuiserie-leguellec.fr", bic="AGRIFRPP847", bank="Crédit de l'Ouest",
))  # fmt: skip
HOTEL: Final = _numbered(
    "hotel",
    Company(
        country="FR", name="Hôtel du Port SAS", address="3 quai de la Fosse", zip_code="44000", city="Nantes"
    ),
)
NORTHGATE: Final = _numbered("northgate", Company(
    country="GB", name="Northgate Cloud Ltd", address="Unit 4, Riverside Business Park", zip_code="LS1 4AB", city="Leeds",
    email="billing@northgatecloud.co.uk", phone="0113 496 0420", web="www.northgatecloud.co.uk", bic="MIDLGB22", bank="Northern Mutual Bank",
))  # fmt: skip
PRINTWORKS: Final = _numbered(
    "printworks",
    Company(
        country="GB",
        name="Harbour Printworks LLP",
        address="19 Mill Lane",
        zip_code="BS1 6DZ",
        city="Bristol",
    ),
)
