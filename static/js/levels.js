// Offer only the levels of the chosen criterion: a search for levels sends the criterion that the form shows.
'use strict';
django.jQuery.ajaxPrefilter((options) => {
    const criterion = document.getElementById('id_criterion');
    const asked = new URLSearchParams(options.data);
    if (criterion && asked.get('field_name') === 'level') {
        asked.set('criterion', criterion.value);
        options.data = asked.toString();
    }
});
