"""What is answered under /api/ where there is nothing."""

from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


class NotFoundView(APIView):
    """Answer every method with a problem, and name the usual mistake."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        hint = "" if request.path.endswith("/") else " Paths here end with a slash."
        raise NotFound(f"There is nothing at {request.path}.{hint}")
