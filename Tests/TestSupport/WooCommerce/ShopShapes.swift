/// The shapes of WooCommerce 11.0.1's resources, field by field as the recordings have them; the people are invented.
enum ShopShapes {
    static let order = shape(
        #"""
        {"id":0,"parent_id":0,"status":"processing","currency":"EUR","version":"11.0.1","prices_include_tax":false,
        "date_created":null,"date_modified":null,"discount_total":"0.00","discount_tax":"0.00",
        "shipping_total":"4.90","shipping_tax":"0.00","cart_tax":"0.00","total":"26.30","total_tax":"0.00",
        "customer_id":0,"order_key":"",
        "billing":{"first_name":"Ana","last_name":"Núñez","company":"","address_1":"1 Example Road","address_2":"",
        "city":"Example","state":"","postcode":"0001","country":"US","email":"ana@example.com",
        "phone":"202 555 0143"},
        "shipping":{"first_name":"Ana","last_name":"Núñez","company":"","address_1":"1 Example Road",
        "address_2":"","city":"Example","state":"","postcode":"0001","country":"US","phone":""},
        "payment_method":"cod","payment_method_title":"Cash on delivery","transaction_id":"",
        "customer_ip_address":"203.0.113.9","customer_user_agent":"","created_via":"checkout","customer_note":"",
        "date_completed":null,"date_paid":null,"cart_hash":"","number":"0","meta_data":[],
        "line_items":[{"id":26,"name":"Coffee mug","product_id":11,"variation_id":0,"quantity":2,"tax_class":"",
        "subtotal":"12.50","subtotal_tax":"0.00","total":"12.50","total_tax":"0.00","taxes":[],"meta_data":[],
        "sku":"MUG","global_unique_id":"","price":6.25,"image":{"id":"","src":""},"parent_name":null},
        {"id":27,"name":"Té verde «Señor Ñandú» 100 g","product_id":12,"variation_id":0,"quantity":1,
        "tax_class":"","subtotal":"8.90","subtotal_tax":"0.00","total":"8.90","total_tax":"0.00","taxes":[],
        "meta_data":[],"sku":"TEA","global_unique_id":"","price":8.9,"image":{"id":"","src":""},
        "parent_name":null}],
        "tax_lines":[],"shipping_lines":[{"id":29,"method_title":"Flat rate","method_id":"flat_rate",
        "instance_id":"1","total":"4.90","total_tax":"0.00","taxes":[],"tax_status":"taxable","meta_data":[]}],
        "fee_lines":[],"coupon_lines":[],"refunds":[],"payment_url":"","is_editable":false,
        "needs_payment":false,"needs_processing":true,"date_created_gmt":null,"date_modified_gmt":null,
        "date_completed_gmt":null,"date_paid_gmt":null,"currency_symbol":"€"}
        """#)

    static let product = shape(
        #"""
        {"id":0,"name":"Coffee mug","slug":"coffee-mug","permalink":"","date_created":null,
        "date_created_gmt":null,"date_modified":null,"date_modified_gmt":null,"type":"simple","status":"publish",
        "featured":false,"catalog_visibility":"visible","description":"","short_description":"","sku":"MUG",
        "price":"12.50","regular_price":"12.50","sale_price":"","date_on_sale_from":null,
        "date_on_sale_from_gmt":null,"date_on_sale_to":null,"date_on_sale_to_gmt":null,"on_sale":false,
        "purchasable":true,"total_sales":11,"virtual":false,"downloadable":false,"downloads":[],
        "download_limit":-1,"download_expiry":-1,"external_url":"","button_text":"","tax_status":"taxable",
        "tax_class":"","manage_stock":false,"stock_quantity":null,"backorders":"no","backorders_allowed":false,
        "backordered":false,"low_stock_amount":null,"sold_individually":false,"weight":"",
        "dimensions":{"length":"","width":"","height":""},"shipping_required":true,"shipping_taxable":true,
        "shipping_class":"","shipping_class_id":0,"reviews_allowed":true,"average_rating":"0.00",
        "rating_count":0,"upsell_ids":[],"cross_sell_ids":[],"parent_id":0,"purchase_note":"",
        "categories":[{"id":15,"name":"Uncategorized","slug":"uncategorized"}],"brands":[],"tags":[],"images":[],
        "attributes":[],"default_attributes":[],"variations":[],"grouped_products":[],"menu_order":0,
        "price_html":"","related_ids":[],"meta_data":[],"stock_status":"instock","has_options":false,
        "post_password":"","global_unique_id":""}
        """#)

    static let customer = shape(
        #"""
        {"id":0,"date_created":null,"date_created_gmt":null,"date_modified":null,"date_modified_gmt":null,
        "email":"ana@example.com","first_name":"Ana","last_name":"Núñez","role":"customer","username":"ana",
        "billing":{"first_name":"Ana","last_name":"Núñez","company":"","address_1":"1 Example Road",
        "address_2":"","city":"Example","postcode":"0001","country":"US","state":"","email":"ana@example.com",
        "phone":"202 555 0143"},
        "shipping":{"first_name":"","last_name":"","company":"","address_1":"","address_2":"","city":"",
        "postcode":"","country":"","state":"","phone":""},
        "is_paying_customer":false,"avatar_url":"","meta_data":[]}
        """#)

    static let coupon = shape(
        #"""
        {"id":0,"code":"","amount":"0.00","status":"publish","date_created":null,"date_created_gmt":null,
        "date_modified":null,"date_modified_gmt":null,"discount_type":"fixed_cart","description":"",
        "date_expires":null,"date_expires_gmt":null,"usage_count":0,"individual_use":false,"product_ids":[],
        "excluded_product_ids":[],"usage_limit":null,"usage_limit_per_user":null,"limit_usage_to_x_items":null,
        "free_shipping":false,"product_categories":[],"excluded_product_categories":[],
        "exclude_sale_items":false,"minimum_amount":"0.00","maximum_amount":"0.00","email_restrictions":[],
        "used_by":[],"meta_data":[]}
        """#)

    static let refund = shape(
        #"""
        {"id":0,"date_created":null,"date_created_gmt":null,"amount":"0.00","reason":"","refunded_by":1,
        "refunded_payment":false,"meta_data":[],"line_items":[],"shipping_lines":[],"tax_lines":[],"fee_lines":[]}
        """#)

    static let note = shape(
        #"""
        {"id":0,"author":"WooCommerce","date_created":null,"date_created_gmt":null,"note":"",
        "customer_note":false}
        """#)

    static let webhook = shape(
        #"""
        {"id":0,"name":"","status":"active","topic":"","resource":"","event":"","hooks":[],"delivery_url":"",
        "date_created":null,"date_created_gmt":null,"date_modified":null,"date_modified_gmt":null}
        """#)

    private static func shape(_ text: String) -> ShopValue { ShopValue(parsing: text) ?? .null }
}
