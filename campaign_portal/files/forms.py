"""A form field for pictures that survives errors: what has arrived once is never asked for again."""

from django import forms
from django.core.exceptions import ValidationError

from . import services
from .pictures import BadPicture
from .services import BadDocument

MOST = 9


class PicturesWidget(forms.Widget):
    """Tokens of pictures that have arrived (hidden inputs `name`) and new files (`name`-new)."""

    template_name = "forms/pictures.html"
    needs_multipart_form = True

    def id_for_label(self, id_):
        return f"{id_}-new" if id_ else id_

    def value_from_datadict(self, data, files, name):
        return {"tokens": data.getlist(name), "new": files.getlist(f"{name}-new")}

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}-new" not in files

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        context["widget"]["tokens"] = value if isinstance(value, list) else []
        return context


class BoundPictures(forms.BoundField):
    """Shows the pictures that have arrived, also beside an error."""

    def value(self):
        return getattr(self.field, "kept_tokens", [])


class PicturesField(forms.Field):
    """Cleans to a list of pending StoredFile of this user. New files are stored while cleaning, so an error elsewhere
    in the form does not lose them (`user` is set by the form)."""

    widget = PicturesWidget
    counted = "张照片"

    def __init__(self, *, most=MOST, **kwargs):
        self.most = most
        self.user = None
        super().__init__(**kwargs)

    def clean(self, value):
        found = [services.from_token(token, by=self.user) for token in filter(None, value["tokens"])]
        kept = list({file.pk: file for file in found if file}.values())
        bad = []
        for upload in value["new"]:
            try:
                kept.append(self.store(upload))
            except (BadPicture, BadDocument) as error:
                bad.append(self.complaint(upload, error))
        self.kept_tokens = [self.reference(file) for file in kept]
        if bad:
            raise ValidationError(bad)
        if len(kept) > self.most:
            raise ValidationError(
                f"最多 {self.most} {self.counted}，现在有 {len(kept)} {self.counted[0]}，请去掉几{self.counted[0]}。"
            )
        if self.required and not kept:
            raise ValidationError(f"请至少附一{self.counted}。")
        if None in found:
            raise ValidationError(
                f"有 {found.count(None)} {self.counted}已失效（超过一周没有提交），请重新添加后提交。"
            )
        return kept

    def store(self, upload):
        return services.store_picture(upload, by=self.user)

    def complaint(self, upload, error):
        return f"{upload.name}：{error}"

    def reference(self, file):
        """What the widget needs to show a file that has arrived."""
        return services.token_for(file)

    def get_bound_field(self, form, field_name):
        return BoundPictures(form, self, field_name)


class DocumentsWidget(PicturesWidget):
    """The same for documents, without a script: each that has arrived is a ticked box."""

    template_name = "forms/documents.html"


class DocumentsField(PicturesField):
    """Cleans to a list of pending PDF, Word and Excel files of this user, which survive errors as pictures do."""

    widget = DocumentsWidget
    counted = "个文件"

    def store(self, upload):
        return services.store_document(upload, by=self.user)

    def complaint(self, upload, error):
        return str(error)

    def reference(self, file):
        return services.token_for(file), file.name


class PieceForm(forms.Form):
    """What the headers of a piece of a picture say about it (views.upload)."""

    offset = forms.IntegerField(min_value=0, max_value=2**40)
    size = forms.IntegerField(min_value=1, max_value=2**40)
    sha256 = forms.RegexField("^[0-9a-f]{64}$")
    name = forms.CharField(required=False, empty_value="照片.jpg")
