// Offer the levels of the chosen criterion only: the search for levels says which criterion the form shows.
'use strict';
django.jQuery.ajaxPrefilter((options) => {
    const address = new URL(options.url, window.location.href);
    const criterion = document.getElementById('id_criterion');
    if (criterion && address.searchParams.get('field_name') === 'level') {
        address.searchParams.set('criterion', criterion.value);
        options.url = address.href;
    }
});
