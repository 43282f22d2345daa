urlpatterns = []
app_name = "comparisons"
