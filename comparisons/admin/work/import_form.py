"""The form that takes what is to be imported: a file of claims, a workbook, or several tables at once."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.exchange import claims, workbooks
from comparisons.exchange.claims.limits import MAX_BYTES
from comparisons.exchange.claims.messages import problem_text
from comparisons.exchange.workbooks.kinds import CLAIMS, kind_named

SUFFIXES = {
    **{"csv": "csv", "tsv": "csv", "txt": "csv", "yaml": "yaml", "yml": "yaml", "json": "json"},
    **{"xlsx": "xlsx", "zip": "zip"},
}
#: How the archives begin that hold workbooks, whatever the program that made them calls their files.
ARCHIVE = b"PK\x03\x04"


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, as a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class ImportForm(forms.Form):
    file = FilesField(
        label=_("Files"),
        max_length=200,
        help_text=_(
            "Claims as CSV, YAML or JSON; or everything as an .xlsx, a .zip of CSV files, or several CSV files, "
            "named after what they hold. UTF-8, up to 10 MB together."
        ),
        widget=SeveralFiles(attrs={"accept": ".csv,.tsv,.yaml,.yml,.json,.xlsx,.zip"}),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("As the file name says")), *((name, name.upper()) for name in claims.FORMATS)],
    )

    def clean(self) -> dict[str, Any] | None:
        """Adds the name, the format and the content of what is kept until it is imported."""
        cleaned = super().clean() or {}
        files = cleaned.get("file")
        if not files:
            return cleaned
        if sum(file.size for file in files) > MAX_BYTES:
            self.add_error("file", _("The file is larger than 10 MB; split it into parts."))
            return cleaned
        name = files[0].name
        format = cleaned.get("format") or SUFFIXES.get(name.rpartition(".")[2].lower(), "")
        if len(files) > 1 or (not cleaned.get("format") and format == "csv" and is_other_table(name)):
            unfit = [file.name for file in files if SUFFIXES.get(file.name.rpartition(".")[2].lower()) != "csv"]
            if unfit:
                message = _("Several files are read together only if all are CSV; %(name)s is not.")
                self.add_error("file", message % {"name": unfit[0]})
                return cleaned
            others = len(files) - 1
            name += " " + gettext("and %(count)d more") % {"count": others} if others else ""
            format, content = "zip", packed(files)
        else:
            content = files[0].read()
            if not format and content.startswith(ARCHIVE):
                format = "zip"
        cleaned |= {"name": name[:100], "format": format, "content": content}
        if not format:
            self.add_error("format", _("The file name does not show the format; choose one."))
        else:
            self.check_content(content, format, name)
        return cleaned

    def check_content(self, content: bytes, format: str, name: str) -> None:
        try:
            if format in claims.FORMATS:
                claims.read(content, format)
            else:
                workbooks.read_archive(content, name)
        except claims.Unreadable as error:
            unit = gettext("line") if format in ("yaml", "json") else gettext("row")
            self.add_error("file", problem_text(error.problem, unit))


def is_other_table(name: str) -> bool:
    """Whether a file is named after a kind of record other than claims."""
    return kind_named(PurePosixPath(name).stem) not in (None, CLAIMS)


def packed(files: Any) -> bytes:
    """Several files as one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.read())
    return out.getvalue()
