// Offer the levels of the chosen criterion only: a search for levels says which criterion the form shows.
'use strict';
django.jQuery.ajaxPrefilter((options) => {
    const criterion = document.getElementById('id_criterion');
    const asked = new URLSearchParams(options.data);
    if (criterion && asked.get('field_name') === 'level') {
        asked.set('criterion', criterion.value);
        options.data = asked.toString();
    }
});
