// Label the fields of an autocomplete like their select, and attach its list to the content: select2 does neither.
// Buttons that put a value into a field of their form. A form that is shown again begins at the first field with an error.
'use strict';
{
    const begin = () => {
        const wrong = document.querySelector('#content :is(.form-row.errors, tr:has(> td > .errorlist))');
        const fields = [...(wrong?.querySelectorAll('.select2-selection, input:not([type=hidden]), select, textarea') ?? [])];
        fields.find((field) => field.checkVisibility() && !field.matches('.select2-hidden-accessible'))?.focus();
    };
    // After the stock admin has gone to its first field, and select2, which jQuery starts, has drawn its own.
    window.addEventListener('load', () => window.django?.jQuery ? window.django.jQuery(begin) : begin());
}
for (const button of document.querySelectorAll('[data-put-in]')) {
    const field = document.getElementById(button.dataset.putIn);
    if (!field) continue;  // whoever only reads the record has no field
    button.hidden = false;
    button.addEventListener('click', () => {
        field.value = button.dataset.value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.focus();
    });
}
{
    const nameOf = (select) => {
        const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
        return select.getAttribute('aria-label') || (label ? label.textContent.trim().replace(/:$/, '') : '');
    };

    const nameFields = (root) => {
        for (const select of root.querySelectorAll('select.select2-hidden-accessible')) {
            const box = select.nextElementSibling;
            const name = nameOf(select);
            if (!box || !name) continue;
            for (const single of box.querySelectorAll('.select2-selection--single')) {
                // Screen readers read the value with the name: its own label would replace it.
                const value = single.querySelector('.select2-selection__rendered');
                single.removeAttribute('aria-labelledby');
                single.setAttribute('aria-label', [name, value.title].filter(Boolean).join(': '));
                value.removeAttribute('role');
                value.removeAttribute('aria-readonly');
            }
            for (const several of box.querySelectorAll('.select2-selection--multiple')) {
                several.setAttribute('aria-label', name);
            }
            for (const field of box.querySelectorAll('.select2-search__field')) field.setAttribute('aria-label', name);
        }
    };

    // Before select2 starts: attach its list to the content, and remove several values one by one.
    for (const select of document.querySelectorAll('select.admin-autocomplete')) {
        select.dataset.dropdownParent = '#content-start';
        if (select.multiple) select.dataset.allowClear = 'false';
    }

    const $ = window.django && window.django.jQuery;
    if ($) {
        $(() => nameFields(document));
        document.addEventListener('formset:added', (event) => nameFields(event.target));
        $(document).on('change select2:close select2:select select2:unselect', 'select', () => {
            // After select2 has drawn the new value.
            window.setTimeout(() => nameFields(document));
        });
        $(document).on('select2:open', 'select', (event) => {
            const name = nameOf(event.target);
            for (const box of document.querySelectorAll('.select2-container--open [aria-owns]')) {
                box.setAttribute('aria-controls', box.getAttribute('aria-owns'));
            }
            for (const part of document.querySelectorAll('.select2-dropdown :is(.select2-search__field, .select2-results__options)')) {
                part.setAttribute('aria-label', name);
            }
        });
    }
}
