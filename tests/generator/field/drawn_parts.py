"""The pieces that drawn forms share: a party's lines, the heading's facts, the account, the note."""

from tests.generator.field.form import Form


def block(form: Form, role: str, *, vat: bool = True) -> list[str]:
    """A party's lines."""
    who = form.bill.vendor if role == "vendor" else form.bill.buyer
    found = [form.v(f"{role}.name"), *form.addr(role, 0)]
    if vat and who is not None and who.vat_number:
        found.append(f"{form.lab('vat')} {form.vat(role)}")
    return found


def facts(form: Form) -> list[tuple[str, str]]:
    """Labels and values of the heading."""
    found = [(form.number_label(), form.v("invoice.number")), (form.w("date"), form.d("invoice.date"))]
    if form.bill.due:
        found.append((form.w("due"), form.d("invoice.due_date")))
    if form.has("invoice.po_number"):
        found.append((form.w("po"), form.v("invoice.po_number")))
    return found


def bank(form: Form) -> str:
    """The account in one line."""
    return f"{form.bill.vendor.bank}  {form.w('iban')} {form.iban()}  {form.w('bic')} {form.v('vendor.bic')}"


def note(form: Form) -> str:
    """What the tax case has to say."""
    return form.w(f"note_{form.bill.note}") if form.bill.note else ""
