import pytest

from app.extraction.page.parties.areas import columns
from app.extraction.page.parties.casting import cast_parties
from app.extraction.page.text.layout import blocks, lines
from app.model.options import Options, Perspective

SELLER = (
    "Muster Werkzeuge GmbH",
    "Hauptstraße 1",
    "10115 Berlin",
    "USt-IdNr.: DE136695976",
    "Tel. 030 1234567",
)
BUYER = ("Beispiel Handel AG", "Nebenweg 2", "20095 Hamburg", "USt-IdNr.: DE129273398")


def stacked(x, texts):
    return [[(x, text)] for text in texts]


def parties(scanned, page, **options):
    found = scanned(page)
    seller, buyer = cast_parties(found, columns(found, blocks(lines(page))), Options(**options))
    return {name: text.value for name, text in seller.values.items()}, {
        name: text.value for name, text in buyer.values.items()
    }


def side_by_side(left, right):
    return [[(60, a), (330, b)] for a, b in zip(left, right, strict=False)]


def test_labels_say_who_is_who(paper, scanned):
    page = paper([], [], *side_by_side(("Käufer", *BUYER), ("Verkäufer", *SELLER)))
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == (SELLER[0], BUYER[0])
    assert (seller["vat_number"], buyer["vat_number"]) == ("DE136695976", "DE129273398")
    assert (buyer["zip_code"], buyer["city"], buyer["address"]) == ("20095", "Hamburg", "Nebenweg 2")


def test_a_name_may_stand_after_its_label(paper, scanned):
    page = paper(
        [(60, "Fornitore: Alfa S.r.l.")],
        [(60, "Via Roma 1")],
        [],
        [(60, "Cliente: Beta S.p.A.")],
        [(60, "Via Po 2")],
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == ("Alfa S.r.l.", "Beta S.p.A.")


def test_a_section_with_labelled_parts_is_read(paper, scanned):
    page = paper(
        [(60, "Cedente/prestatore"), (330, "Cessionario/committente")],
        [
            (60, "Identificativo fiscale ai fini IVA: IT00743110157"),
            (330, "Identificativo fiscale ai fini IVA: IT01234567890"),
        ],
        [(60, "Denominazione: ALFA SRL"), (330, "Denominazione: BETA SPA")],
        [(60, "Indirizzo: Via Roma 1"), (330, "Indirizzo: Via Po 2")],
        [(60, "Comune: Milano Provincia: MI"), (330, "Comune: Torino Provincia: TO")],
        [(60, "Cap: 20100 Nazione: IT"), (330, "Cap: 10121 Nazione: IT")],
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], seller["vat_number"], seller["city"], seller["province"]) == (
        "ALFA SRL",
        "IT00743110157",
        "Milano",
        "MI",
    )
    assert (buyer["name"], buyer["zip_code"], buyer["country"]) == ("BETA SPA", "10121", "IT")


def test_the_block_under_the_sender_s_line_is_the_recipient(paper, scanned):
    page = paper(
        [],
        [],
        [(60, 120, "Muster Werkzeuge GmbH · Hauptstraße 1 · 10115 Berlin", 6.0)],
        *[[(60, 134 + 12 * row, text, 10.0)] for row, text in enumerate(BUYER[:3])],
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == (SELLER[0], BUYER[0])


def test_without_labels_the_block_with_contacts_is_the_issuer_s(paper, scanned):
    page = paper(*stacked(60, SELLER), [], [], *stacked(60, BUYER))
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == (SELLER[0], BUYER[0])


def test_a_lone_address_with_contacts_is_the_issuer_s_and_the_buyer_unknown(paper, scanned):
    seller, buyer = parties(scanned, paper(*stacked(60, SELLER)))
    assert seller["name"] == SELLER[0]
    assert "name" not in buyer


def test_the_delivery_address_is_not_the_buyer(paper, scanned):
    page = paper(
        [],
        *side_by_side(
            ("Lieferadresse", "Lager Nord GmbH", "Kaiweg 3", "24103 Kiel"), ("Rechnung an", *BUYER[:3])
        ),
    )
    assert parties(scanned, page)[1]["name"] == BUYER[0]


def test_the_number_called_yours_is_the_buyer_s(paper, scanned):
    page = paper(
        *stacked(60, SELLER), [], [], *stacked(60, BUYER[:3]), [], [(60, "Ihre USt-IdNr.: DE129273398")]
    )
    seller, buyer = parties(scanned, page)
    assert (seller["vat_number"], buyer["vat_number"]) == ("DE136695976", "DE129273398")


def test_the_caller_s_own_company_settles_who_is_who(paper, scanned):
    page = paper([], [], *side_by_side(("Käufer", *BUYER), ("Verkäufer", *SELLER)))
    seller, buyer = parties(scanned, page, own_company="DE136695976", perspective=Perspective.BUYER)
    assert (seller["name"], buyer["name"]) == (BUYER[0], SELLER[0])


def test_an_account_number_without_its_check_digits_needs_its_label(paper, scanned):
    page = paper(
        *stacked(60, SELLER), [], [(60, "IBAN: DE00370400440532013000")], [(60, "Ref DE11370400440532013000")]
    )
    assert parties(scanned, page)[0]["iban"] == "DE00370400440532013000"


def test_a_label_of_one_word_left_of_a_block_is_no_part_of_the_name(paper, scanned):
    page = paper(
        *stacked(
            40, ("Locatelli Impianti S.p.A.", "Piazza Cavour 12", "20144 Milano (MI)", "P.IVA 01234567897")
        ),
        [],
        [],
        [(40, "COMMITTENTE"), (40 + 11 * 5 + 3, "Ferretti Alimentari S.r.l.")],
        [(98, "Via Po 2")],
        [(98, "10121 Torino (TO)")],
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == ("Locatelli Impianti S.p.A.", "Ferretti Alimentari S.r.l.")


def test_the_state_of_payment_stamped_on_a_paper_is_nobody(paper, scanned):
    page = paper(
        [(60, 30, "bluehost", 12.0), (450, 30, "UNPAID", 20.0)],
        [],
        *stacked(60, ("Harbour Garden Services", "12 Wattle Street", "Leeds LS1 4AP")),
        [],
        [],
        *stacked(60, ("Invoiced to", "Example Trading Ltd", "1 Mill Lane", "York YO1 7HH")),
    )
    seller, _ = parties(scanned, page)
    assert seller["name"] == "Harbour Garden Services"


def test_an_abbreviated_state_before_a_postcode_is_no_legal_form(paper, scanned):
    page = paper(
        *stacked(330, ("Harbour Fencing", "ABN 51 824 753 556", "155 Pacific Parade", "Adelaide SA 5000")),
        [],
        *stacked(60, ("Bill to", "Example Trading Pty Ltd", "12 Wattle Street", "West End QLD 4101")),
    )
    seller, _ = parties(scanned, page)
    assert seller["name"] == "Harbour Fencing"


def test_the_name_in_larger_type_over_a_block_is_its_owner_s_not_the_profession_under_it(paper, scanned):
    page = paper(
        [(60, 30, "Avv. Lucia Ferrante", 14.0)],
        [(60, 47, "Patrocinante in Cassazione", 10.0)],
        [(60, 59, "Via Garibaldi 12 - 40121 Bologna (BO)", 10.0)],
        [(60, 71, "P.IVA e C.F. 01234567897", 10.0)],
        [],
        [],
        *stacked(330, ("Spett.le", "Beta S.p.A.", "Via Po 3", "10121 Torino (TO)")),
    )
    seller, _ = parties(scanned, page)
    assert (seller["name"], seller["city"]) == ("Avv. Lucia Ferrante", "Bologna")
    assert (seller["vat_number"], seller["fiscal_code"]) == ("IT01234567897", "01234567897")


def test_a_recipient_whose_name_begins_as_some_streets_do_is_found(paper, scanned):
    page = paper(
        [(60, 30, "Ing. Carlo Martini", 14.0)],
        [(60, 48, "P.IVA 01234567897", 9.0)],
        *[[]] * 6,
        *stacked(330, ("Al Condominio Aurora", "Via Verdi 1", "35100 Padova", "C.F. 92012340281")),
    )
    _, buyer = parties(scanned, page)
    assert buyer["fiscal_code"] == "92012340281"


def test_a_building_in_a_business_park_is_an_address(paper, scanned):
    page = paper(
        [(60, 30, "Harbour Engineering", 16.0)],
        [(60, 50, "Unit 72, Riverside Business Park", 10.0)],
        [(60, 62, "London N1 7GU", 10.0)],
        [(60, 74, "Tel 020 7946 0000", 10.0)],
        [],
        [],
        *stacked(60, ("Bill to", "Example Trading Ltd", "1 Mill Lane", "York YO1 7HH")),
    )
    seller, _ = parties(scanned, page)
    assert (seller["name"], seller["address"]) == ("Harbour Engineering", "Unit 72, Riverside Business Park")


def test_tax_numbers_of_india_stand_after_their_label(paper, scanned):
    page = paper(
        *stacked(60, ("Harbour Traders", "12 MG Road", "Pune 411001", "GSTIN/UIN: 27AAPFU0939F1ZV")),
        [],
        *stacked(60, ("Buyer (Bill to)", "Example Textiles Pvt. Ltd.", "4 Park Street", "Kolkata 700016")),
        [(60, "GSTIN/UIN : 29AAGCB7383J1Z4")],
    )
    seller, buyer = parties(scanned, page)
    assert (seller["vat_number"], seller["country"]) == ("27AAPFU0939F1ZV", "IN")
    assert (buyer["vat_number"], buyer["country"]) == ("29AAGCB7383J1Z4", "IN")


def test_a_label_that_asks_for_a_number_announces_nobody(paper, scanned):
    page = paper(
        *stacked(60, ("Muster Werkzeuge GmbH", "Hauptstraße 1", "10115 Berlin", "Tel. 030 1234567")),
        *[[]] * 4,
        *side_by_side(
            ("Beispiel Handel AG", "Nebenweg 2", "20095 Hamburg"), ("Kunde Nr", "2845", "Fahrzeug")
        ),
    )
    _, buyer = parties(scanned, page)
    assert buyer["name"] == "Beispiel Handel AG"


def test_who_is_named_in_a_slip_has_the_address_of_the_block_of_that_name(paper, scanned):
    page = paper(
        *stacked(330, ("Harbour Plumbing Pty Ltd", "ABN 51 824 753 556", "PO Box 97", "Fremantle WA 6160")),
        [],
        *stacked(60, ("Wattle Bakery", "29 Harbour Road", "Adelaide SA 5000")),
        *[[]] * 8,
        [(60, "PAYMENT ADVICE"), (330, "Customer"), (430, "Wattle Bakery")],
        [(60, "To: Harbour Plumbing Pty Ltd")],
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == ("Harbour Plumbing Pty Ltd", "Wattle Bakery")
    assert buyer["zip_code"] == "5000"


def test_a_small_caption_over_a_company_is_not_its_name(paper, scanned):
    page = paper(
        *stacked(60, ("Muster Werkzeuge GmbH", "Hauptstraße 1", "10115 Berlin", "Tel. 030 1234567")),
        [],
        [],
        [(60, 130, "Geht an", 7.0)],
        [(60, 139, "Beispiel Handel AG", 10.0)],
        [(60, 151, "Nebenweg 2", 10.0)],
        [(60, 163, "20095 Hamburg", 10.0)],
    )
    _, buyer = parties(scanned, page)
    assert buyer["name"] == "Beispiel Handel AG"


def test_a_number_alone_in_a_block_is_the_party_s_where_its_check_digits_hold(paper, scanned):
    page = paper(
        *stacked(60, ("Vernazza & Bellandi", "Piazza Cavour 124", "10121 Torino (TO)", "00743110157")),
        [],
        [],
        *stacked(330, ("Spett.le", "Beta S.p.A.", "Via Po 3", "10121 Torino (TO)")),
    )
    seller, buyer = parties(scanned, page)
    assert seller["vat_number"] == "IT00743110157"
    assert "vat_number" not in buyer


def test_an_account_number_is_no_tax_number_whatever_it_begins_with(paper, scanned):
    page = paper(
        *stacked(
            60, ("Example sp. z o.o.", "ul. Długa 5", "80-244 Gdańsk", "PL61 1090 1014 0000 0712 1981 2874")
        ),
        [],
        *stacked(60, ("Nabywca", "Zielonka S.A.", "ul. Krótka 1", "61-701 Poznań")),
    )
    seller, _ = parties(scanned, page)
    assert seller.get("iban") == "PL61109010140000071219812874"
    assert "vat_number" not in seller


def test_a_role_in_brackets_says_who_it_is_and_is_no_part_of_the_name(paper, scanned):
    page = paper(
        *stacked(60, ("Issued by (customer) Example Trading Ltd", "1 Mill Lane", "York YO1 7HH")),
        [],
        [],
        *stacked(60, ("Payable to (supplier) Harbour Farm Ltd", "12 Wattle Street", "Leeds LS1 4AP")),
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == ("Harbour Farm Ltd", "Example Trading Ltd")


def test_a_sender_s_line_may_be_a_name_and_a_city(paper, scanned):
    page = paper(
        [(60, 30, "Kreisstadt Wasserwerke - 67000 Straßburg", 6)],
        [(60, 44, "Camilla Marchand", 10)],
        [(60, 56, "Nebenweg 2", 10)],
        [(60, 68, "20095 Hamburg", 10)],
    )
    assert parties(scanned, page)[1]["name"] == "Camilla Marchand"


def test_a_name_that_begins_as_a_label_does_is_joined_with_the_line_under_it(paper, scanned):
    page = paper(
        [(330, 30, "Van der Laan", 15)],
        [(330, 48, "Schilderwerken N.V.", 15)],
        [(330, 70, "Dorpsstraat 168", 9)],
        [(330, 80, "6811 KT Arnhem", 9)],
        [(330, 90, "BTW-nummer NL123456782B90", 9)],
        [(60, 120, "Van der Laan Schilderwerken N.V. - Dorpsstraat 168 - 6811 KT Arnhem", 6)],
        [(60, 134, "Brouwer BV", 10)],
        [(60, 146, "Industrieweg 20a", 10)],
        [(60, 158, "3511 LN Utrecht", 10)],
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == ("Van der Laan Schilderwerken N.V.", "Brouwer BV")


def test_a_name_goes_on_after_a_small_word(paper, scanned):
    page = paper(
        [(60, 30, "Tassi & Ferri Consulting s.a.s. di", 13)],
        [(60, 46, "Tassi & C.", 13)],
        [(60, 62, "Via Roma 184", 8)],
        [(60, 72, "41121 Modena MO", 8)],
        [(60, 82, "P.IVA IT00743110157", 8)],
    )
    assert parties(scanned, page)[0]["name"] == "Tassi & Ferri Consulting s.a.s. di Tassi & C."


def test_a_date_before_a_name_is_no_part_of_it(paper, scanned):
    page = paper([], *stacked(60, ("03/10/2024 Muster Werkzeuge GmbH", *SELLER[1:])))
    assert parties(scanned, page)[0]["name"] == "Muster Werkzeuge GmbH"


def test_the_second_line_of_a_label_says_whose_number_it_is(paper, scanned):
    page = paper(
        *stacked(60, SELLER),
        [(60, 300, "USt-IdNr.", 10), (200, 300, "DE129273398", 10)],
        [(60, 312, "Kunde:", 10)],
    )
    seller, buyer = parties(scanned, page)
    assert (seller["vat_number"], buyer["vat_number"]) == ("DE136695976", "DE129273398")


def test_a_legal_form_alone_under_a_labelled_name_belongs_to_it(paper, scanned):
    page = paper(
        [(60, "Verkauft von Gartenbau Grabow UG")],
        [(60, "(haftungsbeschränkt)")],
        [(60, "USt-IdNr.: DE136695976")],
    )
    assert parties(scanned, page)[0]["name"] == "Gartenbau Grabow UG (haftungsbeschränkt)"


def test_a_street_that_begins_as_a_label_does_announces_nobody(paper, scanned):
    page = paper(
        [],
        *side_by_side(
            ("Sanne Brouwer Transport", "Van Goghlaan 176", "2611 GS Delft", "Tel. 030 1234567"),
            ("T.a.v. de administratie", "Advies Van der Laan V.O.F.", "Dorpsstraat 53", "2611 GS Delft"),
        ),
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == ("Sanne Brouwer Transport", "Advies Van der Laan V.O.F.")


def test_who_prepared_a_paper_and_a_mere_street_are_no_parties(paper, scanned):
    page = paper(
        [(60, "Atendido por")],
        [(60, "Plaza España, 4")],
        [(60, "Muster Obras S.L.")],
        [(60, "28001 Madrid")],
        [(60, "Tel. 91 123 45 67")],
    )
    assert parties(scanned, page)[0]["name"] == "Muster Obras S.L."


def test_two_addresses_right_under_one_another_are_two_parties_the_issuer_first(paper, scanned):
    page = paper(
        *stacked(
            60,
            ("Brouwer Advies BV", "Industrieweg 141a", "1012 AB Amsterdam", "Btw NL123456782B90"),
        ),
        *stacked(60, ("Terpstra Drukwerk N.V.", "Keizersgracht 38", "2611 GS Delft")),
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], buyer["name"]) == ("Brouwer Advies BV", "Terpstra Drukwerk N.V.")


def test_prose_with_commas_and_numbers_is_no_sender_s_line(paper, scanned):
    page = paper(
        *stacked(60, SELLER),
        [],
        *stacked(60, BUYER[:3]),
        [(60, "Operazione effettuata ai sensi dell'art. 1, commi 54, Legge n. 190 / 2014")],
        [(60, "Condizioni di pagamento come concordato")],
        [(60, "Banca d'appoggio Crédit du Val")],
    )
    assert parties(scanned, page)[1]["name"] == BUYER[0]


def test_a_logo_has_its_legal_form_from_the_imprint(paper, scanned):
    page = paper(
        [(60, 30, "Brandtner", 16)],
        [],
        *stacked(60, ("Rechnung an", "Anke Hölscher", "Nebenweg 2", "20095 Hamburg")),
        [(60, 700, "Brandtner AG, Am Markt 1, 48143 Münster", 7)],
    )
    assert parties(scanned, page)[0]["name"] == "Brandtner AG"


def test_the_digits_of_a_tax_number_are_no_name(paper, scanned):
    page = paper([], *stacked(60, ("GB VAT GB 357 3550 98", "Muster Werkzeuge Ltd", "1 High Street")))
    assert parties(scanned, page)[0]["name"] == "Muster Werkzeuge Ltd"


@pytest.mark.parametrize(
    ("text", "phone"),
    [("+49 30 1234567", "+49 30 1234567"), ("030 / 12 34 567", "030 / 12 34 567"), ("02.05.2024", None)],
)
def test_a_telephone_number_needs_no_label_where_it_stands_alone_in_the_block(paper, scanned, text, phone):
    issuer = ("Muster Werkzeuge GmbH", "Hauptstraße 1", "10115 Berlin", text)
    seller, _ = parties(scanned, paper(*side_by_side(("Verkäufer", *issuer), ("Käufer", *BUYER))))
    assert seller.get("phone") == phone


@pytest.mark.parametrize("street", ["Via Roma, 67", "ZA des Landes, 60 rue de l'Industrie", "Main Street 5"])
def test_a_street_before_its_town_is_read_whole_and_without_the_name(paper, scanned, street):
    line = f"Muster Werkzeuge GmbH · {street} · 10115 Berlin"
    seller, _ = parties(scanned, paper([(60, "Muster Werkzeuge GmbH")], [], [(60, line)]))
    assert (seller["address"], seller["city"]) == (street, "Berlin")


def test_the_address_of_the_issuer_stands_where_its_numbers_stand(paper, scanned):
    page = paper(
        [(60, "Muster Werkzeuge GmbH"), (400, "Hauptstraße 1")],
        [(400, "10115 Berlin")],
        [(400, "USt-IdNr.: DE136695976")],
        [],
        [],
        *stacked(60, BUYER),
    )
    seller, buyer = parties(scanned, page)
    assert (seller["name"], seller["address"], seller["city"]) == (SELLER[0], "Hauptstraße 1", "Berlin")
    assert buyer["city"] == "Hamburg"


def test_a_town_under_its_label_is_parted_from_its_postcode_and_province(paper, scanned):
    page = paper(
        *stacked(
            60,
            ("Fornitore", "Denominazione: Alfa S.r.l.", "Indirizzo: Via Po 2", "Comune: 35131 Padova (PD)"),
        )
    )
    seller, _ = parties(scanned, page)
    assert (seller["city"], seller["zip_code"], seller["province"]) == ("Padova", "35131", "PD")


def test_an_account_that_a_narrow_column_breaks_is_read_whole_behind_the_bank_s_name(paper, scanned):
    issuer = (*SELLER, "Sparkasse DE89 3704 0044", "0532 0130 00")
    seller, _ = parties(scanned, paper(*side_by_side(("Verkäufer", *issuer), ("Käufer", *BUYER, "", "", ""))))
    assert seller["iban"] == "DE89370400440532013000"
